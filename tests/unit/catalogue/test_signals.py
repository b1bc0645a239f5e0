"""The version lock: logic may not change under an unchanged version, the logic of macros included."""

from functools import cache
from pathlib import Path
from typing import Any

from orchestration.catalogue import logic
from orchestration.catalogue.signals import LOGIC_COLUMN, Signal, lock_csv, read_signals, unversioned_changes
from orchestration.settings import Home
from orchestration.warehouse.transform import parse_project

ROOT = Path(__file__).parents[3]
HOME = Home(root=ROOT / "var" / "catalogue")


@cache
def signals() -> list[Signal]:
    return read_signals(ROOT, logic.project_logic(HOME))


def test_lock_is_current() -> None:
    assert (ROOT / "seeds/signals/signal_lock.csv").read_text(encoding="utf-8") == lock_csv(signals())


def test_changed_logic_needs_a_new_version() -> None:
    lock = lock_csv(signals())
    first, *others = signals()
    changed = first.model_copy(update={"logic_sha256": "0" * 64})
    assert unversioned_changes([changed, *others], lock) == [changed.signal_id]
    raised = changed.model_copy(update={"settings": changed.settings | {"version": "99"}})
    assert unversioned_changes([raised, *others], lock) == []


def test_a_lock_of_another_rule_holds_nothing_to_compare() -> None:
    older = lock_csv(signals()).replace(LOGIC_COLUMN, "logic_sha256")
    changed = [signal.model_copy(update={"logic_sha256": "0" * 64}) for signal in signals()]
    assert unversioned_changes(changed, older) == []


def test_a_changed_macro_of_the_project_changes_exactly_the_signals_that_reach_it() -> None:
    manifest: Any = parse_project(HOME)
    before = logic.project_logic(HOME)
    macro = manifest.macros[f"macro.{manifest.metadata.project_name}.within_contract"]
    text = macro.macro_sql
    macro.macro_sql = text.replace("0.1", "0.2")
    try:
        after = logic.project_logic(HOME)
    finally:
        macro.macro_sql = text
    named = {
        path.stem for path in (ROOT / "models/marts/signals").glob("*/*.sql") if "within_contract()" in path.read_text("utf-8")
    }
    assert len(named) >= 3
    assert {name for name in before if before[name] != after[name]} == named
