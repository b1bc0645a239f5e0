"""SQL around the rules of a table: one statement that measures them all, and examples of what column rules found."""

import re
from collections.abc import Sequence
from datetime import date

from expectations.database import literal, quoted, values_of
from expectations.privacy import shown
from expectations.rules import Rule
from expectations.settings import GateSettings
from orchestration.contract import landing_contract

_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_COPIES = re.compile(r"\bcopies\b")


def measure_query(table: str, rules: Sequence[Rule], key: str | None, as_of: date, settings: GateSettings) -> str:
    """Return the one statement Great Expectations runs for `rules`, all of `table`.

    It yields rows of place (of the rule in `rules`), label, unexpected_count, element_count, tolerated_share, examples and
    observed: one row a rule, but one per fault for a `scan`, and none where a scan found nothing. Rules of columns share
    one aggregate over the table; those of the columns that a scan searches by value, one over each column's values.
    `{batch}` is left for Great Expectations to fill; other braces and colons are escaped from its formatting.
    """
    gate = f"select {settings.as_columns(as_of)}, {landing_contract().late_arrival_days} as late_arrival_days"
    named = ["batch as (select * from {batch})", f"gate as ({_escaped(gate)})"]
    if key and any(_COPIES.search(rule.query or "") for rule in rules):
        named.append(_escaped(_copies(key)))
    by_value = {name for rule in rules if rule.kind == "scan" for name in rule.columns}
    named += [_escaped(f"{values_of(name)} as materialized ({_counted(name)})") for name in sorted(by_value)]
    parts: list[str] = []
    measures: list[str] = []
    for place, rule in enumerate(rules):
        answer = f"select {place} as place"
        tolerated = f"cast({settings.share(rule.tolerated_share)!r} as double) as tolerated_share"
        match rule.kind:
            case "not_null" | "in_set" | "between" | "never":
                condition, column = fault_condition(rule), rule.column or ""
                element = "true" if rule.kind == "not_null" else f"{quoted(column)} is not null"
                if column in by_value:
                    unexpected, elements = (f"coalesce(sum(row_count) filter (where {rows}), 0)" for rows in (condition, element))
                    source = values_of(column)
                else:
                    measures += [
                        f"coalesce(count_if({condition}), 0) as unexpected_{place}",
                        f"coalesce(count_if({element}), 0) as element_{place}",
                    ]
                    unexpected, elements, source = f"unexpected_{place}", f"element_{place}", "measured"
                answer += _escaped(
                    f", '' as label, {unexpected} as unexpected_count, {elements} as element_count, {tolerated}, "
                    f"cast([] as varchar[]) as examples, cast(null as varchar) as observed from {source}"
                )
            case "rows":
                named.append(f"unexpected_{place} as materialized ({_escaped((rule.query or '').strip())})")
                example = shown("cast(example as varchar)")
                answer += (
                    f", '' as label, (select count(*) from unexpected_{place}) as unexpected_count, "
                    f"(select count(*) from batch) as element_count, {tolerated}, "
                    f"coalesce((select list_sort(list(distinct {example}))[:5] from unexpected_{place} "
                    "where example is not null), []) as examples, cast(null as varchar) as observed"
                )
                answer = _escaped(answer)
            case "scan":
                named.append(f"found_{place} as materialized ({_escaped((rule.query or '').strip())})")
                answer += (
                    f", label, unexpected_count, element_count, {tolerated}, examples, cast(null as varchar) as observed "
                    f"from found_{place}"
                )
            case "change":
                answer += _escaped(_change(table, rule, tolerated))
        parts.append(answer)
    if measures:
        named.append(f"measured as materialized (select {_escaped(', '.join(measures))} from batch)")
    statement = f"with {', '.join(named)} select * from ({' union all '.join(parts)}) order by place, label"
    return _BIND.sub(r"\\:\1", statement)


def _counted(column: str) -> str:
    return f"select {quoted(column)}, count(*) as row_count from batch group by {quoted(column)}"


def _copies(key: str) -> str:
    """Return the relation of rows whose key came more than once in an arrival day."""
    digest = f"hash(batch.{quoted(key)})"
    return (
        f"repeated as (select {digest} as digest, _arrived_on from batch where {quoted(key)} is not null "
        "group by all having count(*) > 1), "
        f"copies as materialized (select batch.* from batch semi join repeated on {digest} = repeated.digest "
        "and batch._arrived_on = repeated._arrived_on)"
    )


def fault_condition(rule: Rule) -> str:
    """Return SQL that is true where a row breaks a column rule; NULL breaks `not_null` alone."""
    column = quoted(rule.column or "")
    if rule.kind == "not_null":
        return f"{column} is null"
    if rule.kind == "never":
        return rule.condition or "false"
    if rule.kind == "in_set":
        return f"cast({column} as varchar) not in ({', '.join(literal(value) for value in rule.value_set)})"
    number = f"cast({column} as double)"
    # statistics of a file leave NaN out, so a comparison may be decided without looking at the values
    bounds = [f"not isfinite({number})"]
    bounds += [f"{number} < cast({rule.minimum!r} as double)"] if rule.minimum is not None else []
    bounds += [f"{number} > cast({rule.maximum!r} as double)"] if rule.maximum is not None else []
    return " or ".join(bounds)


def fault_examples(table: str, rule: Rule, key: str | None) -> str | None:
    """Return SQL for at most five examples of what a column rule found: the key of rows without a value, or values.

    None when there is nothing to show: a NULL key, or a rule about the table as a whole.
    """
    if rule.column is None or (rule.kind == "not_null" and key in (None, rule.column)):
        return None
    example = quoted(key or "") if rule.kind == "not_null" else quoted(rule.column)
    value = shown(f"cast({example} as varchar)")
    return (
        f"select distinct {value} as example from {quoted(table)} "
        f"where ({fault_condition(rule)}) and {example} is not null order by example limit 5"
    )


def _change(table: str, rule: Rule, tolerated: str) -> str:
    """Return the answer of a `change` rule: one unexpected element where the measure left its limits overnight.

    Too few elements on either night, or no night before, is no change.
    """
    measured = f"select cast({rule.measure} as double) as value, count(*) as row_count"
    moved = (
        f"abs(now.value - earlier.value) > {rule.largest_step!r}"
        if rule.largest_step is not None
        else f"(now.value > earlier.value * {rule.largest_ratio!r} or now.value * {rule.largest_ratio!r} < earlier.value)"
    )
    judgeable = f"least(now.row_count, earlier.row_count) >= {rule.fewest}"
    observed = "printf('%.4g, the night before %.4g', now.value, earlier.value)"
    return (
        f", '' as label, case when {judgeable} and {moved} then 1 else 0 end as unexpected_count, 1 as element_count, "
        f"{tolerated}, cast([] as varchar[]) as examples, {observed} as observed "
        f"from ({measured} from batch) as now cross join ({measured} from {quoted(night_before(table))}) as earlier"
    )


def night_before(table: str) -> str:
    """Return the name of the view that holds a table's rows of the as-of date before."""
    return f"{table}__night_before"


def _escaped(query: str) -> str:
    return query.replace("{", "{{").replace("}", "}}")
