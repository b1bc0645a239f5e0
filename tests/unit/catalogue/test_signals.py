"""The version lock: logic may not change under an unchanged version."""

from pathlib import Path

from orchestration.catalogue.signals import lock_csv, read_signals, unversioned_changes

ROOT = Path(__file__).parents[3]


def test_lock_is_current() -> None:
    assert (ROOT / "seeds/signals/signal_lock.csv").read_text(encoding="utf-8") == lock_csv(read_signals(ROOT))


def test_changed_logic_needs_a_new_version() -> None:
    signals = read_signals(ROOT)
    lock = lock_csv(signals)
    changed = signals[0].model_copy(update={"logic_sha256": "0" * 64})
    assert unversioned_changes([changed, *signals[1:]], lock) == [changed.signal_id]
    raised = changed.model_copy(update={"settings": changed.settings | {"version": "99"}})
    assert unversioned_changes([raised, *signals[1:]], lock) == []
