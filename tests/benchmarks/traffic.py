"""A provider's deliveries at volume: made by DuckDB from hashes of counters, so that a day costs seconds and is the same again.

Belongs here: shapes that cost a night its time. How many requests an account makes falls off as a power of its place; templates,
networks, clients and cards are held by one account, by a few or by nearly all; one request in a hundred arrives a day late, one
in a thousand twice. Nothing is planted to be found: the simulator does that.
"""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

REQUEST = """
select
    i,
    cast(date '{day}' as timestamp) + to_microseconds(cast((i + h(i, 1)) * 86400e6 / {requests} as bigint)) as requested_at,
    -- place in a power law: the first of 200,000 accounts makes about 0.8 % of all requests, the last about two a day
    cast(floor({accounts} * power(h(i, 2), 2.5)) as bigint) as account
from range(cast({first} as bigint), cast({last} as bigint)) as counter(i)
"""
ROW = """
select
    'req_{tag}_' || i as request_id,
    requested_at,
    'acct_' || account as account_id,
    case when d(account, 3) >= 0.2 then 'key_' || account || '_' || (i % 2) end as api_key_id,
    case when d(account, 4) < 0.1 then 'user_' || account || '_' || (i % 50) end as end_user_id,
    case when d(account, 3) < 0.3 then 'conv_{tag}_' || (i // 4) end as conversation_id,
    case when d(account, 3) < 0.2 then 'chat' when d(account, 3) < 0.35 then 'coding_agent' else 'api' end as surface,
    cast(null as varchar) as partner,
    'chat' as operation_name,
    ['large', 'large', 'medium', 'small'][1 + (account + i // 3) % 4] as request_model,
    case when failed then 0 else cast(exp(5 + 3 * h(i, 5)) as bigint) end as input_tokens,
    case when failed then 0 else cast(exp(4 + 3 * h(i, 6)) as bigint) end as output_tokens,
    case when failed then 0 else cast(exp(5 + 3 * h(i, 5)) * 0.3 as bigint) end as cache_read_input_tokens,
    cast(0 as bigint) as reasoning_output_tokens,
    -- three in four leave the client's own settings as they are, the others choose
    case when account % 4 > 0 then 1.0 else round(d(account, 23), 2) end as request_temperature,
    cast(null as double) as request_top_p,
    cast(case when account % 4 > 0 then 4096 else 256 * (1 + account % 97) end as integer) as request_max_tokens,
    cast(1 as integer) as request_choice_count,
    false as request_logprobs,
    account % 2 = 0 as request_stream,
    false as is_batch,
    account % 7 = 0 as thinking_enabled,
    cast(case when account % 5 = 0 then 3 else 0 end as integer) as tool_count,
    case when failed then null when h(i, 7) < 0.05 then 'length' else 'stop' end as finish_reason,
    cast(case when failed then 429 else 200 end as smallint) as http_status,
    cast(300 + 5000 * h(i, 8) as integer) as latency_ms,
    n(network, 9) as ip_hash,
    n(network // 4, 10) as ip_prefix_hash,
    -- six clients of everybody, and one account in ten with one that two hundred share
    n(case when account % 10 = 0 then 1000 + account // 2000 else (account + i % 2) % 6 end, 11) as user_agent_hash,
    cast(null as varchar) as location_cell,
    cast(1000 + network % 3000 as bigint) as asn,
    ['US', 'DE', 'JP', 'BR', 'IN', 'FR'][1 + account % 6] as country,
    -- every fifth prompt is one that the account has sent before
    n(case when i % 5 = 0 then account * 1000 + i % 100 else i * 1000 + {number} end, 12) as prompt_hash,
    n(i * 1000 + {number}, 13) as input_content_hash,
    n(i * 1000 + {number}, 14) as response_hash,
    cast(null as bigint) as graded_content_hash,
    cast(1 + floor(6 * h(i, 15) * h(i, 15)) as integer) as input_message_count,
    n(template, 16) as prompt_template_hash,
    n(account // 2, 17) as system_prompt_hash,
    'topic_' || (template % 200) as topic,
    round(0.4 * h(i, 18), 3) as elicits_reasoning,
    round(0.4 * h(i, 19), 3) as grades_output,
    0.0 as rewrites_sensitive,
    ['en', 'en', 'en', 'de', 'ja', 'pt'][1 + account % 6] as language
from (
    select
        *,
        h(i, 20) < 0.02 as failed,
        -- a home of its own for most, a crowded exit for one in ten, one in fifty in pools of twenty accounts
        case
            when account % 50 = 1 then -1 - account // 1000
            when account % 10 = 2 then 1000000 + i % 64
            else 2000000 + account * 8 + i % 6
        end as network,
        -- half an account's own, most others from forty that everybody uses, one in twenty met by chance; one account in fifty
        -- in groups of twenty that share ten
        case
            when account % 50 = 3 then -1 - (account // 1000) * 10 - i % 10
            when h(i, 21) < 0.5 then 1000000 + account * 8 + i % 5
            when h(i, 21) < 0.95 then cast(floor(40 * h(i, 22)) as bigint)
            else 1000 + cast(floor({accounts} / 10 * h(i, 22)) as bigint)
        end as template
    from ({requests_of_day}) as requests
) as placed
"""
ACCOUNT = """
select
    'acct_' || i as account_id,
    date '{first_day}' - to_minutes(cast(1 + 600000 * d(i, 30) as bigint)) as created_at,
    case when i % 5 = 0 then 'organization' else 'individual' end as account_type,
    ['free', 'build', 'scale'][1 + i % 3] as tier,
    'active' as status,
    case when i % 3 = 0 then 'mail' || (i % 30) || '.example' else 'own' || i || '.example' end as email_domain,
    n(i, 31) as email_hash,
    case when i % 4 > 0 then n(case when i % 40 = 1 then -1 - i // 400 else i end, 32) end as phone_hash,
    case when i % 4 > 1 then n(case when i % 40 = 2 then -1 - i // 400 else i end, 33) end as device_hash,
    n(case when i % 20 = 0 then -1 - i // 200 else i end, 34) as signup_ip_hash,
    cast(1000 + i % 3000 as bigint) as signup_asn,
    ['US', 'DE', 'JP', 'BR', 'IN', 'FR'][1 + i % 6] as signup_country,
    ['US', 'DE', 'JP', 'BR', 'IN', 'FR'][1 + i % 6] as declared_country,
    n(case when i % 60 = 4 then -1 - i // 600 else i end, 35) as email_pattern_hash,
    case when i % 50 = 5 then n(i // 500, 36) end as organization_hash,
    'none' as kyc_status
from range(cast({accounts} as bigint)) as counter(i)
"""
CHARGE = """
select
    'ch_{number}_' || i as charge_id,
    'acct_' || i as account_id,
    cast(date '{day}' as timestamp) + to_seconds(i % 86400) as created_at,
    cast(500 + i % 9000 as bigint) as amount,
    'usd' as currency,
    case when d(i + {number}, 40) < 0.03 then 'failed' else 'succeeded' end as status,
    'fp_' || case when i % 30 = 0 then -1 - i // 600 else i end as payment_method_fingerprint,
    case when i % 25 = 0 then 'prepaid' else 'credit' end as payment_method_funding,
    ['US', 'DE', 'JP', 'BR', 'IN', 'FR'][1 + i % 6] as payment_method_country,
    d(i + {number}, 41) < 0.002 as disputed
from range(cast({accounts} as bigint)) as counter(i)
where i % 28 = {number} % 28
"""
# h: uniform in 0..1 by row of the day; d: by account, the same on every day; n: a 64-bit hash; each by a column number
MACROS = """
create or replace macro h(i, c) as (hash(i, c, {number}) >> 11) / 9007199254740992.0;
create or replace macro d(i, c) as (hash(i, c) >> 11) / 9007199254740992.0;
create or replace macro n(i, c) as cast(hash(i, c) >> 1 as bigint);
"""
LATE_SHARE, TWICE_SHARE = 0.01, 0.001
FILES = 4
"""Parts of a day's requests, as a provider's writers leave them."""


def _parts(count: int) -> list[tuple[int, int, int]]:
    """Return a day's parts by request number: its first, the first that arrives a day late, and the one after its last."""
    bounds = [count * part // FILES for part in range(FILES + 1)]
    return [(first, int(last - (last - first) * LATE_SHARE), last) for first, last in pairwise(bounds)]


class Traffic(BaseModel):
    """So many requests a day by so many accounts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    landing: Path
    accounts: int
    requests: int
    first_day: date

    def deliver(self, day: date, requests: int | None = None) -> None:
        """Write what arrives on a day: its requests (another number of them, where given), the accounts and charges."""
        with duckdb.connect() as connection:
            connection.execute("set preserve_insertion_order = false")
            number = (day - self.first_day).days
            if number:
                connection.execute(MACROS.format(number=number - 1))
                for part, (_, late_from, last) in enumerate(_parts(self.requests)):
                    late = self._requests(number - 1, self.requests, late_from, last)
                    self._write(connection, "usage_requests", day, f"late-{part}", late)
            connection.execute(MACROS.format(number=number))
            count = requests or self.requests
            for part, (first, late_from, last) in enumerate(_parts(count)):
                rows = self._requests(number, count, first, late_from)
                again = self._requests(number, count, first, int(first + (last - first) * TWICE_SHARE))
                self._write(connection, "usage_requests", day, f"part-{part}", f"{rows} union all {again}")
            self._write(connection, "accounts", day, "part-0", ACCOUNT.format(accounts=self.accounts, first_day=self.first_day))
            charges = CHARGE.format(accounts=self.accounts, number=number, day=day)
            self._write(connection, "billing_charges", day, "part-0", charges)

    def _requests(self, number: int, count: int, first: int, last: int) -> str:
        day = self.first_day + timedelta(days=number)
        rows = REQUEST.format(day=day, requests=count, accounts=self.accounts, first=first, last=last)
        return ROW.format(requests_of_day=rows, accounts=self.accounts, tag=f"{number:x}", number=number)

    def _write(self, connection: duckdb.DuckDBPyConnection, table: str, day: date, name: str, rows: str) -> None:
        folder = self.landing / table / f"arrived_on={day}"
        folder.mkdir(parents=True, exist_ok=True)
        connection.execute(f"copy ({rows}) to '{folder / name}.parquet' (format parquet, compression zstd)")
