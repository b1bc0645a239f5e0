"""Queries with a house macro in them, and the rows that every engine must give for them.

Belongs here: Jinja over literals that all engines read alike. How it is rendered and run is test_macros.py's.
"""

from datetime import date
from typing import Any, NamedTuple

ELSEWHERE = {
    "gathered": "how DuckDB writes, no value",
    "is_incremental": "what stands in a warehouse: test_models.py",
    "stands": "what stands in a warehouse: test_models.py",
}
"""Macros of engines' own that have no case here, and why."""


class Case(NamedTuple):
    """A query, the macro it is about, and the rows it must give."""

    macro: str
    sql: str
    rows: list[tuple[Any, ...]]


def _given(**columns: list[str]) -> str:
    """Return a relation `given` of SQL expressions, row by row."""
    rows = [
        ", ".join(f"{each} as {name}" for name, each in zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]
    return "(" + " union all ".join(f"select {row}" for row in rows) + ") as given"  # fmt: skip


_NO_TEXT = "cast(null as {{ dbt.type_string() }})"
_TIMES = _given(
    one=["timestamp '2026-03-01 00:00:00.999'", "timestamp '2026-03-02 12:00:00'", "cast(null as timestamp)"],
    other=["timestamp '2026-03-01 00:00:01.001'", "timestamp '2026-03-01 12:00:00'", "timestamp '2026-03-01 12:00:00'"],
)
_TEXTS = _given(
    part=["1", "1", "1", "1", "2", "3", "3", "3", "3"],
    place=["3", "1", "2", "4", "1", "9", "10", "cast(null as integer)", "8"],
    said=["'c'", "'a, b'", _NO_TEXT, "'a, b'", _NO_TEXT, "'ü'", "'日本'", "'z'", "''"],
)
_NO_NUMBER = "cast(null as double)"
_DOUBLES = _given(
    part=[f"'{part}'" for part in ["even"] * 4 + ["none"] + ["odd"] * 4 + ["one"] + ["twins"] * 3],
    x=["1e0", "4e0", "2e0", "100e0", _NO_NUMBER, "-5e0", _NO_NUMBER, "5e0", "6e0", "7e0", "3e0", "3e0", "9e0"],
)  # fmt: skip
_DATES = _given(
    one=["date '2026-02-27'", "date '2026-03-02'", "date '2026-03-03'", "cast(null as date)"],
    other=["date '2026-03-02'", "date '2026-02-27'", "date '2026-03-03'", "date '2026-03-02'"],
)
_LISTED = "(select {{ list_of(['7', '8 + 1', 'cast(null as integer)']) }} as listed) as given"
_BY_PART = " group by part order by part"

CASES = [
    Case("days_between", "select {{ days_between('one', 'other') }} from " + _DATES + " order by one nulls last",
         [(3,), (-3,), (0,), (None,)]),
    # each time is cut to its millisecond or second first, so that two milliseconds can be a second
    Case("milliseconds_between", "select {{ milliseconds_between('one', 'other') }} from " + _TIMES + " order by one nulls last",
         [(2,), (-86_400_000,), (None,)]),
    Case("hours_between", "select {{ hours_between('one', 'other') }} from " + _TIMES + " order by one nulls last",
         [(1 / 3600,), (-24.0,), (None,)]),
    Case("days_through",
         """select cast(day as date) from {{ days_through("date '2024-02-28'", "date '2024-03-01'") }} order by 1""",
         [(date(2024, 2, 28),), (date(2024, 2, 29),), (date(2024, 3, 1),)]),
    Case("days_through", """select cast(day as date) from {{ days_through("date '2024-03-01'", "date '2024-02-28'") }}""", []),
    Case("numbers_through", "select generated.number from {{ numbers_through(-1, 2) }} order by 1", [(-1,), (0,), (1,), (2,)]),
    Case("bit_of", "select {{ bit_of('n') }} from " + _given(n=["0", "5", "40"]) + " order by n", [(1,), (32,), (2**40,)]),
    Case("count_where", "select part, {{ count_where('x > 1') }} from "
         + _given(part=["1", "1", "1", "2", "3"], x=["2", "null", "0", "null", "0"]) + _BY_PART, [(1, 1), (2, None), (3, 0)]),
    Case("joined_text", "select part, {{ joined_text('said', ', ', 'place') }} from " + _TEXTS + _BY_PART,
         [(1, "a, b, c, a, b"), (2, None), (3, ", ü, 日本, z")]),
    Case("joined_text", """select part, {{ joined_text('said', "'", 'said', distinct=true) }} from """ + _TEXTS + _BY_PART,
         [(1, "a, b'c"), (2, None), (3, "'z'ü'日本")]),
    Case("text_literal", r"""select {{ text_literal("it's 'so'") }}, {{ text_literal('a \\ b\nü') }}, {{ text_literal('') }}""",
         [("it's 'so'", "a \\ b\nü", "")]),
    Case("absolute_deviation", "select part, {{ absolute_deviation('x') }} from " + _DOUBLES + _BY_PART,
         [("even", 1.5), ("none", None), ("odd", 1.0), ("one", 0.0), ("twins", 0.0)]),
    Case("sum_of_least", "select part, {{ sum_of_least('x', 'count(*) - 2') }} from "
         + _given(part=["1", "1", "1", "1", "2", "3", "3"], x=["9", "-4", "3", "-4", "7", "1", "2"]) + _BY_PART,
         [(1, -8), (2, 0), (3, 0)]),
    Case("list_of", "select {{ element_of('listed', 1) }} from " + _LISTED, [(9,)]),
    Case("element_of", "select {{ element_of('listed', 0) }}, {{ element_of('listed', 2) }} from " + _LISTED, [(7, None)]),
    Case("unfolded", "with given_rows as (select * from " + _given(
            n=["1", "2"], x=["1.5e0", _NO_NUMBER], y=[_NO_NUMBER, "7e0"],
         ) + ") select n, name, value from ({{ unfolded('given_rows', ['n'], ['name', 'value'], "
         """[["'a'", 'x + 1'], ["'b'", 'y']]) }}) as unfolded order by n, name""",
         [(1, "a", 2.5), (1, "b", None), (2, "a", None), (2, "b", 7.0)]),
    Case("is_not_finite", "select {{ is_not_finite('x') }} from " + _given(
            n=["1", "2", "3", "4", "5"],
            x=["cast('NaN' as double)", "cast('Infinity' as double)", "cast('-Infinity' as double)", "-0e0", _NO_NUMBER],
         ) + " order by n", [(True,), (True,), (True,), (False,), (None,)]),
    Case("holds_match", r"select {{ holds_match('said', '[^a-z]|\\.\\.') }},"
         r" {{ holds_match('said', '[\\x00-\\x1f\\x{200b}-\\x{200f}]') }} from " + _given(
            n=["1", "2", "3", "4", "5", "6"], said=["'abc'", "'a.b'", "'a' || chr(9)", _NO_TEXT, "'😀'", "'a\u200bb'"],
         ) + " order by n",
         [(False, False), (True, False), (True, True), (None, None), (True, False), (True, True)]),
    Case("digest_id", """select {{ digest_id('x_', ["'a'", "'ü'", "cast(null as " ~ dbt.type_string() ~ ")", "''"]) }}""",
         [("x_01115d9f657739ca",)]),
    Case("thousands", "select {{ thousands('x') }} from " + _given(x=["0.5e0", "-1234567.5e0", "1e12", _NO_NUMBER])
         + " order by x nulls last",
         [("-1,234,568",), ("1",), ("1,000,000,000,000",), (None,)]),
    Case("rekeyed_text", """select {{ rekeyed_text("'a'", 'account') }}""", [("a",)]),
    Case("rekeyed_number", "select {{ rekeyed_number('7', 'device') }}", [(7,)]),
    Case("fingerprint_type", "select cast(7 as {{ fingerprint_type() }})", [(7,)]),
    # equal rows alike; another value, or the same value in another column, is another row
    Case("row_fingerprint", """select {{ row_fingerprint(['a', 'b']) }} = {{ row_fingerprint(['c', 'd']) }} from """ + _given(
            n=["1", "2", "3", "4"], a=["'x'", "'x'", "'x'", _NO_TEXT], b=["1", "1", _NO_NUMBER, _NO_NUMBER],
            c=["'x'", "'y'", _NO_TEXT, _NO_TEXT], d=["1", "1", "1", _NO_NUMBER],
         ) + " order by n", [(True,), (False,), (False,), (True,)]),
    Case("row_fingerprint", "select {{ row_fingerprint(['a', 'b']) }} = {{ row_fingerprint(['b', 'a']) }} from "
         + _given(a=[_NO_TEXT], b=["'x'"]), [(False,)]),
    Case("value_number", "select count(distinct {{ value_number('said') }}), min({{ value_number('said') }}) >= 0 from "
         + _given(said=["'a'", "'a'", "'b'", "'ü'", "''"]), [(4, True)]),
]  # fmt: skip

REASONS = "select {{ reasons_json() }} from " + _given(
    signal_id=["'sig_b'", "'sig_a'", "'prior'"],
    value=["1.5e0", _NO_NUMBER, "12345678e0"],
    baseline=[_NO_NUMBER, "2e0", _NO_NUMBER],
    contribution=["cast(-2.5 as decimal(9, 4))", "cast(2.5 as decimal(9, 4))", "cast(-4 as decimal(9, 4))"],
    resale_contribution=["cast(0 as decimal(9, 4))", "cast(1.25 as decimal(9, 4))", "cast(-4 as decimal(9, 4))"],
    reason=[r"""{{ text_literal('says "it' ~ "'" ~ 's" ü') }}""", r"{{ text_literal('a \\ b') }}", "''"],
)
"""A query for `reasons_json`: what is written may differ by engine, what is read may not."""
READ_REASONS = [
    {"signal_id": "prior", "value": 12345678.0, "baseline": None, "contribution": -4.0, "resale_contribution": -4.0, "text": ""},
    {"signal_id": "sig_a", "value": None, "baseline": 2.0, "contribution": 2.5, "resale_contribution": 1.25, "text": "a \\ b"},
    {
        "signal_id": "sig_b",
        "value": 1.5,
        "baseline": None,
        "contribution": -2.5,
        "resale_contribution": 0.0,
        "text": 'says "it\'s" ü',
    },
]
"""The reasons that REASONS is read as: the weightiest first, of equal weights by id."""
