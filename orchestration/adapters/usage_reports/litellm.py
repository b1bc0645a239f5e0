"""LiteLLM's own daily totals, of `LiteLLM_DailyUserSpend`.

Belongs here: which table, which of its columns, and which rows. A request without a user has a row there too; the tables by team,
organisation, end user and tag hold only requests that have one, and those by tag a request once for each of its tags.
"""

from datetime import date, datetime, time, timedelta

import duckdb

from orchestration.adapters.edge import describe
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.inputs import Inputs
from orchestration.adapters.relations import Relation, RelationColumn, require_columns
from orchestration.adapters.selects import narrow_select
from orchestration.adapters.usage_reports.buckets import COSTS, MODEL_NOT_GIVEN, DayTotal, Usage

REPORT = "daily"
SETTLED_DAYS = 35
"""Days after which a day's totals change no more; a database is not asked for them again."""
DAILY = Relation(
    table="LiteLLM_DailyUserSpend",
    required=True,
    moment="date",
    columns={
        "date": RelationColumn(required=True, meaning="Day of the requests' start, UTC, as text."),
        "model": RelationColumn(meaning="Model that answered."),
        "model_group": RelationColumn(meaning="Name under which the client asked for it, as requests are landed."),
        "api_key": RelationColumn(
            meaning="Hash of the key, or a name of LiteLLM's own; it only tells requests of LiteLLM to itself."
        ),
        "mcp_namespaced_tool_name": RelationColumn(meaning="Tool that was called in place of a model."),
        "prompt_tokens": RelationColumn(type="BIGINT", required=True, meaning="Input tokens, cached ones included."),
        "completion_tokens": RelationColumn(type="BIGINT", required=True, meaning="Output tokens."),
        "cache_read_input_tokens": RelationColumn(type="BIGINT", meaning="Part of prompt_tokens read from cache."),
        "spend": RelationColumn(meaning="US dollars."),
        "successful_requests": RelationColumn(type="BIGINT", meaning="Requests that were answered; absent in old versions."),
    },
    never=("user_id",),
)
# the table's key has the model but not its group: where a day shows one model under two groups, its rows do not tell them apart.
# what names neither is no request to a model, and a row of failed requests alone has no tokens
_TOTALS = """
with

named as (

    select
        *,
        try_cast(date as date) as activity_date,
        coalesce(model_group, model) as asked_for
    from daily
    where
        mcp_namespaced_tool_name is null
        and coalesce(model_group, model) is not null
        and try_cast(date as date) <= $1
        -- as in the adapter of the requests: names under which LiteLLM speaks to itself
        and coalesce(api_key, '') not in ('litellm-internal-health-check', 'litellm_internal_jobs')

),

mingled_days as (

    select activity_date
    from named
    where model is not null
    group by activity_date, model
    having count(distinct asked_for) > 1

)

select
    activity_date,
    case when activity_date in (select activity_date from mingled_days) then '' else asked_for end as asked_for,
    sum(successful_requests) as request_count,
    coalesce(sum(prompt_tokens), 0) as input_tokens,
    coalesce(sum(completion_tokens), 0) as output_tokens,
    sum(cache_read_input_tokens) as cache_read_input_tokens,
    coalesce(sum(try_cast(spend as decimal(38, 12))), 0) * 100 as cost_minor_units
from named
group by all
having coalesce(request_count, 1) + input_tokens + output_tokens > 0
order by all
"""


def litellm_totals(connection: duckdb.DuckDBPyConnection, inputs: Inputs, last_day: date) -> list[DayTotal]:
    """Return usage and cost of each day up to `last_day` and model; AdapterError where the table is not there or is another."""
    columns = inputs.columns(DAILY)
    if columns is None:
        raise AdapterError(
            f"usage_reports says litellm, so the LiteLLM source must have {DAILY.table}, and it does not: export that table too, "
            "or take litellm out of usage_reports"
        )
    require_columns("LiteLLM", DAILY, columns)
    # days are texts, and the text of a day sorts before that of its first moment
    first = datetime.combine(last_day - timedelta(days=SETTLED_DAYS), time())
    inputs.give(DAILY, "raw_daily", (first, datetime.combine(last_day, time()) + timedelta(days=1)))
    present = describe(connection, "raw_daily")
    connection.execute(f"create or replace temp view daily as {narrow_select(DAILY, present, 'raw_daily')}")
    totals: list[DayTotal] = []
    for day, model, requests, inputs_, outputs, cached, cost in connection.execute(_TOTALS, [last_day]).fetchall():
        usage = Usage(
            model=model or MODEL_NOT_GIVEN,
            request_count=None if requests is None else int(requests),
            input_tokens=int(inputs_),
            output_tokens=int(outputs),
            cache_read_input_tokens=None if cached is None else int(cached),
        )
        totals += [
            DayTotal(REPORT, day, usage),
            DayTotal(COSTS, day, Usage(model=usage.model, cost_minor_units=cost, currency="USD")),
        ]
    return totals
