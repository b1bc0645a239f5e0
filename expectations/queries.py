"""SQL around the queries of rules: the relations they may read, the one-row answer they give, examples of faults."""

import re
from datetime import date

from expectations.database import literal, quoted
from expectations.privacy import shown
from expectations.rules import Rule
from expectations.settings import GateSettings
from orchestration.contract import landing_contract

_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")


def measure_query(rule: Rule, as_of: date, settings: GateSettings) -> str:
    """Return the statement Great Expectations runs for a rule of kind `rows` or `scan`.

    It yields rows of label, unexpected_count, element_count, examples: one row for `rows`, one per fault for `scan`.
    `{batch}` is left for Great Expectations to fill; other braces and colons are escaped from its formatting.
    """
    query = (rule.query or "").strip()
    if rule.kind == "rows":
        example = shown("cast(example as varchar)")
        query = f"""
            with unexpected as materialized ({query})
            select '' as label, (select count(*) from unexpected) as unexpected_count,
                (select count(*) from batch) as element_count,
                (select list_sort(list(distinct {example}))[:5] from unexpected where example is not null) as examples
        """
    query = query.replace("{", "{{").replace("}", "}}")
    gate = f"select {settings.as_columns(as_of)}, {landing_contract().late_arrival_days} as late_arrival_days"
    query = f"with batch as (select * from {{batch}}), gate as ({gate}) select * from ({query})"
    return _BIND.sub(r"\\:\1", query)


def fault_examples(table: str, rule: Rule, key: str | None) -> str | None:
    """Return SQL for at most five examples of what a column rule found: the key of rows without a value, or values.

    None when there is nothing to show: a NULL key, or a rule about the table as a whole.
    """
    if rule.column is None:
        return None
    column = quoted(rule.column)
    if rule.kind == "not_null":
        if key is None or key == rule.column:
            return None
        example, condition = quoted(key), f"{column} is null"
    elif rule.kind == "in_set":
        values = ", ".join(literal(value) for value in rule.value_set)
        example, condition = column, f"{column} not in ({values})"
    else:
        bounds = [f"{column} < {rule.minimum!r}"] if rule.minimum is not None else []
        bounds += [f"{column} > {rule.maximum!r}"] if rule.maximum is not None else []
        example, condition = column, " or ".join(bounds)
    value = shown(f"cast({example} as varchar)")
    return (
        f"select distinct {value} as example from {quoted(table)} "
        f"where ({condition}) and {example} is not null order by example limit 5"
    )
