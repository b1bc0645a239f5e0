"""The rule set's lock: numbers may not change under an unchanged version, words may."""

import shutil
from pathlib import Path

import pytest

from orchestration.catalogue.rule_sets import RuleSetError, is_unversioned_change, lock_csv, ruleset_version

ROOT = Path(__file__).parents[3]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "seeds/signals", tmp_path / "seeds/signals")
    return tmp_path


def _edit(root: Path, table: str, old: str, new: str) -> None:
    path = root / f"seeds/signals/{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_lock_is_current() -> None:
    text = (ROOT / "seeds/signals/ruleset_lock.csv").read_text(encoding="utf-8")
    assert text == lock_csv(ROOT, text)
    assert not is_unversioned_change(ROOT, text)


def test_a_changed_number_needs_a_new_version_and_the_old_one_stays_locked(root: Path) -> None:
    before = lock_csv(root, "")
    version = ruleset_version(root)
    _edit(root, "signal_families", "network,1.5,", "network,1.75,")
    assert is_unversioned_change(root, before)
    _edit(root, "score_priors", f"account,{version},", "account,99,")
    _edit(root, "score_priors", f"actor,{version},", "actor,99,")
    assert not is_unversioned_change(root, before)
    after = lock_csv(root, before)
    assert after.startswith(before)
    assert len(after.splitlines()) == len(before.splitlines()) + 1


def test_a_reason_is_no_rule(root: Path) -> None:
    before = lock_csv(root, "")
    _edit(root, "signal_families", "never decisive", "never decisive alone")
    assert not is_unversioned_change(root, before)


def test_two_versions_at_once_are_refused(root: Path) -> None:
    _edit(root, "score_priors", f"actor,{ruleset_version(root)},", "actor,99,")
    with pytest.raises(RuleSetError, match="must state one ruleset_version"):
        lock_csv(root, "")
