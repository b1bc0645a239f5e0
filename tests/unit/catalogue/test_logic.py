"""The hash of a signal's logic covers the macros it reaches, and no others."""

import pytest

from orchestration.catalogue.logic import Macro, logic_sha256, reached

MACROS = {
    "macro.p.outer": Macro(
        text="{% macro outer() %}{{ inner() }}{% endmacro %}", calls=("macro.p.inner", "macro.dbt.type_string")
    ),
    "macro.p.inner": Macro(text="{% macro inner() %}1{% endmacro %}", calls=("macro.p.outer",)),
    "macro.p.other": Macro(text="{% macro other() %}2{% endmacro %}"),
}
SIGNALS = {
    "through_two": (b"select {{ outer() }}", ["macro.p.outer"]),
    "directly": (b"select {{ inner() }}", ["macro.p.inner", "macro.dbt.config"]),
    "other": (b"select {{ other() }}", ["macro.p.other"]),
    "none": (b"select 1", ["macro.dbt.config"]),
}


def hashes(macros: dict[str, Macro]) -> dict[str, str]:
    return {name: logic_sha256(sql, first, macros) for name, (sql, first) in SIGNALS.items()}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("macro.p.other", {"other"}),
        ("macro.p.inner", {"through_two", "directly"}),
        ("macro.p.outer", {"through_two", "directly"}),
    ],
)
def test_a_changed_macro_changes_exactly_the_signals_that_reach_it(changed: str, expected: set[str]) -> None:
    before = hashes(MACROS)
    after = hashes(MACROS | {changed: MACROS[changed].model_copy(update={"text": "{% macro x() %}3{% endmacro %}"})})
    assert {name for name in before if before[name] != after[name]} == expected


def test_macros_that_call_each_other_are_walked_once_and_foreign_ones_not_at_all() -> None:
    assert reached(MACROS, ["macro.p.outer", "macro.dbt.config"]) == ("macro.p.inner", "macro.p.outer")
    assert reached(MACROS, ["macro.dbt.config"]) == ()


def test_the_file_is_part_of_the_hash_and_blanks_around_a_macro_are_not() -> None:
    sql, first = SIGNALS["other"]
    other = MACROS["macro.p.other"]
    padded = MACROS | {"macro.p.other": other.model_copy(update={"text": f"\n{other.text}\n"})}
    assert logic_sha256(sql, first, padded) == logic_sha256(sql, first, MACROS)
    assert logic_sha256(sql + b" ", first, MACROS) != logic_sha256(sql, first, MACROS)
