"""Rules every published table shares, derived from its suite and from what its column names promise."""

import re
from collections.abc import Mapping

from expectations.database import quoted
from expectations.rules import Rule, Suite

_FIX = "Nothing is published; correct the model and run the night again."
_WITHIN_0_AND_1 = re.compile(r"_(share|probability)(_[0-9]+d)?$")
_NOT_NEGATIVE = re.compile(r"_(count|tokens)(_[0-9]+d)?$")
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "U")


def shared_rules(suite: Suite, columns: Mapping[str, str]) -> list[Rule]:
    """Return grain, not-NULL, vocabulary, 0..1 and not-negative rules for the columns (name to type) that exist."""
    rules: list[Rule] = []
    if suite.grain and set(suite.grain) <= set(columns):
        rules.append(_grain(suite.grain))
    rules += [
        Rule(name=f"{name} is never NULL", kind="not_null", column=name, advice=_FIX)
        for name in suite.filled_columns
        if name in columns
    ]
    rules += [
        Rule(name=f"{name} is one of {', '.join(values)}", kind="in_set", column=name, value_set=values, advice=_FIX)
        for name, values in suite.vocabularies.items()
        if name in columns
    ]
    for name, actual in columns.items():
        if not actual.startswith(_NUMBERS):
            continue
        if name in suite.within_0_and_1 or _WITHIN_0_AND_1.search(name):
            rules.append(_between(name, 0, 1))
        elif _NOT_NEGATIVE.search(name):
            rules.append(_between(name, 0, None))
    return rules


def _grain(grain: tuple[str, ...]) -> Rule:
    key = ", ".join(quoted(name) for name in grain)
    telling = [name for name in grain if name != "as_of_date"] or list(grain)
    example = " || '/' || ".join(f"coalesce(cast({quoted(name)} as varchar), 'NULL')" for name in telling)
    return Rule(
        name=f"one row per {', '.join(grain)}",
        kind="rows",
        columns=grain,
        query=f"select any_value({example}) as example from batch group by {key} having count(*) > 1",
        advice=_FIX,
    )


def _between(name: str, minimum: float, maximum: float | None) -> Rule:
    bounds = f"at least {minimum:g}" if maximum is None else f"between {minimum:g} and {maximum:g}"
    return Rule(name=f"{name} is {bounds}", kind="between", column=name, minimum=minimum, maximum=maximum, advice=_FIX)
