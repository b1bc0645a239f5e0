"""A simulated provider's days as a LiteLLM proxy and Stripe would hold them.

Belongs here: the way back from landed rows to what they came from: made-up addresses, mail and cards in place of their hashes, a
body with text in place of its settings. Every text and name holds CANARY, so that a test can look for it afterwards.
"""

from datetime import date, timedelta
from pathlib import Path

import duckdb

LITELLM = {
    "organizations": """
        select distinct on (account_id) account_id as organization_id, 'CANARY ' || account_id as organization_alias,
            'b' as budget_id, created_at, 'a' as created_by, 'a' as updated_by, to_json({'tier': tier}) as metadata
        from accounts where account_type = 'organization'
    """,
    "users": """
        select distinct on (account_id) account_id as user_id, 'CANARY ' || account_id as user_alias,
            'canary' || repeat('x', coalesce(email_pattern_hash % 41, 0)) || coalesce(cast(email_hash as varchar), account_id)
                || '@' || coalesce(email_domain, 'mail.example') as user_email,
            created_at, to_json({'tier': tier}) as metadata
        from accounts where account_type <> 'organization'
    """,
    "keys": """
        select distinct on (requests.key) requests.key as token, 'CANARY' as key_alias,
            case when account_type <> 'organization' then requests.account_id end as user_id,
            case when account_type = 'organization' then requests.account_id end as organization_id, created_at
        from requests inner join (select distinct on (account_id) * from accounts) as accounts using (account_id)
    """,
    "spend_logs": """
        select request_id, 'acompletion' as call_type, key as api_key,
            input_tokens + output_tokens as total_tokens, input_tokens as prompt_tokens, output_tokens as completion_tokens,
            requested_at as "startTime", requested_at + to_milliseconds(coalesce(latency_ms, 900)) as "endTime",
            request_model as model, request_model as model_group, coalesce(end_user_id, '') as end_user,
            case when account_type <> 'organization' then account_id else '' end as "user",
            case when ip_hash is not null then
                concat_ws('.', 11 + (ip_hash >> 40) % 180, (ip_hash >> 24) % 256, (ip_hash >> 8) % 256, 1 + ip_hash % 250)
            end as requester_ip_address,
            coalesce(conversation_id, cast(uuid() as varchar)) as session_id,
            case when http_status = 200 then 'success' else 'failure' end as status,
            to_json(['User-Agent: client/' || user_agent_hash]) as request_tags,
            to_json({
                'user_api_key_alias': 'CANARY alias',
                'user_api_key_org_id': case when account_type = 'organization' then account_id end,
                'error_information': {'error_code': cast(http_status as varchar), 'error_message': 'CANARY error'},
                'usage_object': {'prompt_tokens_details': {'cached_tokens': cache_read_input_tokens}}
            }) as metadata,
            to_json([{'role': 'user', 'content': 'CANARY prompt'}]) as messages,
            to_json({'choices': [{'message': {'content': 'CANARY answer'}}]}) as response,
            to_json({
                'model': request_model, 'temperature': request_temperature, 'top_p': request_top_p, 'n': request_choice_count,
                'max_tokens': request_max_tokens, 'stream': request_stream, 'logprobs': request_logprobs,
                'messages': list_transform(
                    range(coalesce(input_message_count, 1)), lambda n: {'role': 'user', 'content': 'CANARY prompt'}
                )
            }) as proxy_server_request
        from requests
        inner join (select distinct on (account_id) account_id, account_type from accounts) as accounts using (account_id)
    """,
    "daily": """
        select cast(uuid() as varchar) as id, case when account_type <> 'organization' then account_id end as user_id,
            cast(cast(requested_at as date) as varchar) as date, key as api_key,
            request_model as model, request_model as model_group,
            sum(input_tokens) as prompt_tokens, sum(output_tokens) as completion_tokens,
            coalesce(sum(cache_read_input_tokens), 0) as cache_read_input_tokens,
            count(*) as api_requests, count_if(http_status = 200) as successful_requests,
            count_if(http_status <> 200) as failed_requests
        from requests
        inner join (select distinct on (account_id) account_id, account_type from accounts) as accounts using (account_id)
        group by user_id, cast(requested_at as date), key, request_model
    """,
}
TABLES = {
    "organizations": "LiteLLM_OrganizationTable",
    "users": "LiteLLM_UserTable",
    "keys": "LiteLLM_VerificationToken",
    "spend_logs": "LiteLLM_SpendLogs",
    "daily": "LiteLLM_DailyUserSpend",
}
STRIPE = {
    "customers": """
        select {
            'object': 'customer', 'id': 'cus_' || account_id, 'livemode': true, 'created': epoch(created_at)::bigint,
            'name': 'CANARY name', 'email': 'canary@mail.example',
            'address': {'country': declared_country, 'line1': 'CANARY street'}, 'metadata': {'account_id': account_id}
        } as object
        from (select distinct on (account_id) * from accounts) as accounts
    """,
    "charges": """
        select {
            'object': 'charge', 'id': charge_id, 'livemode': true, 'created': epoch(created_at)::bigint, 'amount': amount,
            'currency': currency, 'status': status, 'customer': 'cus_' || account_id, 'failure_code': failure_code,
            'disputed': coalesce(disputed, false), 'amount_refunded': coalesce(amount_refunded, 0),
            'description': 'CANARY charge',
            'billing_details': {'name': 'CANARY name', 'email': 'canary@mail.example'},
            'payment_method_details': {'type': 'card', 'card': {
                'fingerprint': payment_method_fingerprint, 'funding': payment_method_funding, 'country': payment_method_country,
                'last4': '4242'
            }}
        } as object
        from billing_charges
    """,
}


# a template's text is its number in letters, since numbers are masked; what fills it is quoted
TEXTS = """
    select
        request_id,
        'CANARY ' || translate(cast(prompt_template_hash as varchar), '0123456789', 'abcdefghij')
            || ' "' || prompt_hash || '"' as prompt,
        translate(cast(system_prompt_hash as varchar), '0123456789', 'abcdefghij') as system_prompt,
        cast(response_hash as varchar) as response
    from requests
    where prompt_template_hash is not null and cast(requested_at as date) {days}
"""


def tell(landing: Path, litellm: Path, exports: Path, last: date) -> dict[str, Path]:
    """Write LiteLLM's tables as CSV, Stripe's objects and the texts of requests as JSON lines; return the CSV files by table.

    Texts of up to the day `last` are one file, those of the day after it another.
    """
    stripe = exports / "stripe"
    litellm.mkdir(parents=True)
    stripe.mkdir(parents=True)
    with duckdb.connect() as connection:
        for table in ("accounts", "billing_charges"):
            connection.execute(f"create view {table} as from read_parquet('{landing}/{table}/*/*.parquet', union_by_name = true)")
        connection.execute(
            "create table requests as select distinct on (request_id) *, coalesce(api_key_id, 'web_' || account_id) as key "
            f"from read_parquet('{landing}/usage_requests/*/*.parquet', union_by_name = true)"
        )
        for name, select in LITELLM.items():
            connection.execute(f"copy ({select}) to '{litellm}/{TABLES[name]}.csv' (header)")
        for name, select in STRIPE.items():
            lines = connection.execute(f"select cast(to_json(object) as varchar) from ({select})").fetchall()
            (stripe / f"{name}.jsonl").write_text("".join(f"{line}\n" for (line,) in lines), encoding="utf-8")
        for file, days in (("requests", f"<= '{last}'"), (f"requests-{last + timedelta(days=1)}", f"> '{last}'")):
            connection.execute(f"copy ({TEXTS.format(days=days)}) to '{exports}/{file}.jsonl' (format json)")
    return {table: litellm / f"{table}.csv" for table in TABLES.values()}


def copy_statement(table: str, file: Path) -> str:
    """Return psql's statement that fills a table from a file with a header."""
    with file.open(encoding="utf-8") as lines:
        columns = ", ".join(f'"{name}"' for name in lines.readline().strip().split(","))
    return f"""\\copy "{table}" ({columns}) from '{file}' with (format csv, header)\n"""
