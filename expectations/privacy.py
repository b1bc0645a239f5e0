"""Which columns and values must never pass a gate, and how a value that may be personal is shown: by its shape alone.

The lists are data, in `privacy.yml`. Values are searched in SQL, one scan of each text column.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from expectations.database import literal, quoted, values_of
from expectations.rules import Rule

_PLAIN_TYPES = re.compile(
    r"^(\"?NULL\"?|BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*|DATE|TIME.*|INTERVAL)$"
)
_SHOWN = 64
_PLAIN_TOKEN = f"[A-Za-z0-9_.:/+-]{{0,{_SHOWN}}}"
PLAIN = "[A-Za-z0-9_-]*"
PLAIN_LENGTH = 200
MANY_ROWS = 1_000_000
"""Rows from which counting a column's values costs less than looking at each; below, every statement has its price."""
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}(:[0-9]{2}){2}([.][0-9]+)?"
_LIKE_ADDRESS = r"([0-9]+\.){3}|:.*:|^\+"


class ValueKind(BaseModel):
    """One kind of value that must not appear: by regular expression, by length, or by number of words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    regex: str | None = None
    longest: int | None = None
    most_words: int | None = None
    columns: str | None = None
    except_columns: str | None = None
    published: bool = False

    def covers(self, column: str) -> bool:
        """Whether the kind is searched in `column`."""
        included = self.columns is None or re.search(self.columns, column) is not None
        return included and not (self.except_columns and re.search(self.except_columns, column))

    def condition(self, value: str) -> str:
        """Return SQL that is true where the text expression `value` is of this kind."""
        conditions: list[str] = []
        if self.regex is not None:
            conditions.append(f"regexp_matches({value}, {literal(self.regex)})")
        if self.longest is not None:
            conditions.append(f"length({value}) > {self.longest}")
        if self.most_words is not None:
            conditions.append(f"length({value}) - length(replace({value}, ' ', '')) >= {self.most_words}")
        return "(" + " or ".join(conditions) + ")"


class PrivacyList(BaseModel):
    """The contents of `privacy.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    own_words: tuple[str, ...]
    forbidden_names: dict[str, str]
    values: tuple[ValueKind, ...]


@cache
def privacy_list() -> PrivacyList:
    """Read the list shipped with the package."""
    text = files("expectations").joinpath("privacy.yml").read_text(encoding="utf-8")
    return PrivacyList.model_validate(yaml.safe_load(text))


def forbidden_as(column: str) -> str | None:
    """Return what a column of this name would hold, or None when the name is harmless."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column).lower().replace("-", "_").replace(".", "_")
    if snake in privacy_list().own_words:
        return None
    for what, pattern in privacy_list().forbidden_names.items():
        if re.fullmatch(pattern, snake):
            return what
    return None


def shape(value: str) -> str:
    """Return SQL that shows a text expression by its shape: letters as x, digits as 9, cut to 64 characters."""
    letters = f"regexp_replace(left({value}, {_SHOWN}), '\\p{{L}}', 'x', 'g')"
    return f"regexp_replace(regexp_replace({letters}, '[0-9]', '9', 'g'), '\\s', ' ', 'g')"


def shape_of(value: str) -> str:
    """Return the shape of a text, as `shape` shows it."""
    letters = re.sub(r"[^\W\d_]", "x", value[:_SHOWN])
    return re.sub(r"\s", " ", re.sub(r"[0-9]", "9", letters))


def shown(value: str) -> str:
    """Return SQL that shows a text expression as it is when it is a short plain token, number or time, else by its shape.

    Stricter than the search for personal values on purpose: a message is read by more people than the row it is about.
    """
    plain = f"regexp_full_match({value}, {literal(_PLAIN_TOKEN)})"
    address = f"regexp_matches({value}, {literal(_LIKE_ADDRESS)})"
    time = f"regexp_full_match({value}, {literal(_TIME)})"
    return f"case when {time} or ({plain} and not {address}) then {value} else {shape(value)} end"


def value_scan(columns: dict[str, str], key: str | None, rows: int, *, published: bool, advice: str) -> Rule | None:
    """Return the rule that searches all text columns (`columns` maps name to DuckDB type), or None without any.

    In a table of many `rows` columns are searched by value, since few have more than thousands; the key, whose values are
    all its own, by row.
    """
    searched = {name: _kinds(name, published) for name, actual in columns.items() if not _PLAIN_TYPES.match(actual)}
    searched = {name: kinds for name, kinds in searched.items() if kinds}
    if not searched:
        return None
    by_value = [name for name in searched if name != key] if rows > MANY_ROWS else []
    cells = [
        f"select {literal(name)} as column_name, cast({quoted(name)} as varchar) as value, row_count from {values_of(name)}"
        for name in by_value
    ]
    if by_row := [name for name in searched if name not in by_value]:
        # unnesting keeps one scan and one set of compiled expressions; a union would compile them for every column
        names = ", ".join(literal(name) for name in by_row)
        values = ", ".join(f"cast({quoted(name)} as varchar)" for name in by_row)
        cell = f"select unnest([{names}]) as column_name, unnest([{values}]) as value from batch"
        cells.append(f"select *, 1 as row_count from ({cell}) as cell")
    found = [
        (kind, _anywhere_or_in(kind, [name for name, kinds in searched.items() if kind in kinds], len(searched)))
        for kind in privacy_list().values
        if any(kind in kinds for kinds in searched.values())
    ]
    kinds_of_value = " ".join(f"when {test} then {literal(kind.kind)}" for kind, test in found)
    return Rule(
        name="no value looks personal or like prompt text",
        kind="scan",
        columns=tuple(by_value),
        query=f"""
            with cells as {"materialized " * (len(cells) > 1)}({" union all ".join(cells)}),
            suspects as (select * from cells where not {_plain("value")} and ({_suspicious(found)})),
            found as (
                select column_name, case {kinds_of_value} end as kind, {shape("value")} as example, row_count from suspects
            )
            select column_name || ' holds ' || kind as label, sum(row_count) as unexpected_count,
                (select count(*) from batch) as element_count,
                list_sort(list_distinct(list(example)))[:5] as examples
            from found group by all order by label
        """,
        advice=advice,
    )


def _anywhere_or_in(kind: ValueKind, columns: list[str], searched: int) -> str:
    condition = kind.condition("value")
    if len(columns) == searched:
        return condition
    return f"(column_name in ({', '.join(literal(name) for name in columns)}) and {condition})"


def _plain(value: str) -> str:
    """Return SQL that is true of a text which can be of no kind: short, of letters, digits, `_` and `-`.

    Nearly every value is, and to see it costs half of searching for all kinds.
    """
    return f"(length({value}) <= {PLAIN_LENGTH} and regexp_full_match({value}, {literal(PLAIN)}))"


def _suspicious(found: list[tuple[ValueKind, str]]) -> str:
    """Return the first, cheap test: all regular expressions searched everywhere in one pass, the other tests after."""
    regexes = [f"(?:{kind.regex})" for kind, test in found if kind.regex and not test.startswith("(column_name")]
    tests = [f"regexp_matches(value, {literal('|'.join(regexes))})"] if regexes else []
    tests += [test for kind, test in found if not kind.regex or test.startswith("(column_name")]
    return " or ".join(tests)


def _kinds(column: str, published: bool) -> list[ValueKind]:
    kinds: Iterable[ValueKind] = privacy_list().values
    return [kind for kind in kinds if kind.covers(column) and (kind.published or not published)]
