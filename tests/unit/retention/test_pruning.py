"""Releases go when nothing refers to them, and stay for everything that does, one reason at a time."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from orchestration.exporting.export import exports_folder
from orchestration.night.lock import HomeLockedError
from orchestration.publishing.releases import current_release, point_current_at, release_folders
from orchestration.retention import references
from orchestration.retention.forgetting import forget
from orchestration.retention.pruning import choose_prunable, prune
from orchestration.settings import Home

from .releases import CASE, Rows, decided_case, release_id, write_release


@pytest.fixture
def home_of(tmp_path: Path) -> Callable[[Rows], Home]:
    """Return a function that writes five releases, the last with these rows."""

    def written(rows: Rows) -> Home:
        home = Home(root=tmp_path / "home")
        for day in range(1, 5):
            write_release(home.published, day)
        write_release(home.published, 5, rows)
        return home

    return written


def _stay(home: Home, keep: int = 1) -> dict[str, str]:
    return {fate.release_id: fate.why for fate in choose_prunable(home, keep) if not fate.is_pruned}


def test_without_a_reference_only_the_newest_stay(home_of: Callable[[Rows], Home]) -> None:
    home = home_of(decided_case(seen=2))
    assert set(_stay(home)) == {release_id(5)}
    assert set(_stay(home, keep=2)) == {release_id(4), release_id(5)}


def test_exports_go_with_their_release(home_of: Callable[[Rows], Home]) -> None:
    home = home_of(decided_case(seen=2))
    exports = [exports_folder(home) / f"00000{day}-{release_id(day)}" for day in (4, 5)]
    for folder in exports:
        folder.mkdir(parents=True)
    prune(home, 1, "tester", only_say=True)
    assert exports[0].is_dir()
    prune(home, 1, "tester", only_say=False)
    assert [folder.is_dir() for folder in exports] == [False, True]


def test_what_readers_get_stays(home_of: Callable[[Rows], Home]) -> None:
    home = home_of(decided_case(seen=2))
    point_current_at(home.published, release_id(3))
    assert _stay(home) == {
        release_id(3): "readers get it",
        release_id(5): "the newest, which the next night carries on; one of the newest 1",
    }


@pytest.mark.parametrize(
    ("table", "row", "why"),
    [
        ("appeals", ("appeal_1", CASE, "account_1", None), "open appeal appeal_1"),
        ("escalations", ("escalation_1", CASE, "held"), "legal hold by escalation escalation_1"),
    ],
)
def test_an_open_appeal_or_a_legal_hold_keeps_what_its_case_stands_on(
    home_of: Callable[[Rows], Home], table: str, row: tuple[object, ...], why: str
) -> None:
    home = home_of(decided_case(seen=2) | {table: [row]})
    assert _stay(home)[release_id(2)] == why
    assert release_id(3) not in _stay(home)


def test_a_decided_appeal_and_a_released_hold_keep_nothing(home_of: Callable[[Rows], Home]) -> None:
    rows = decided_case(seen=2)
    rows["appeals"] = [("appeal_1", CASE, "account_1", rows["cases"][0][3])]
    rows["escalations"] = [("escalation_1", CASE, "released")]
    assert set(_stay(home_of(rows))) == {release_id(5)}


def test_a_case_not_decided_keeps_what_its_reviewer_saw(home_of: Callable[[Rows], Home]) -> None:
    rows = decided_case(seen=2) | {"actions": [], "cases": [(CASE, "lead_0,lead_1", None, None, None)]}
    assert _stay(home_of(rows))[release_id(2)] == f"{CASE} is not decided"


def test_a_hold_on_a_case_without_a_release_keeps_all(home_of: Callable[[Rows], Home]) -> None:
    home = home_of({"escalations": [("escalation_1", "case_unknown", "held")]})
    assert set(_stay(home)) == {release_id(day) for day in range(1, 6)}


def test_a_package_keeps_both_its_releases(home_of: Callable[[Rows], Home], monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_of(decided_case(seen=2))
    content = home.packages / CASE / "2026-03-02-abc" / "content"
    content.mkdir(parents=True)
    identity = SimpleNamespace(
        evidence=SimpleNamespace(release_id=release_id(1)), record=SimpleNamespace(release_id=release_id(3))
    )
    monkeypatch.setattr(references, "read_package_manifest", lambda _: SimpleNamespace(identity=identity))
    assert set(_stay(home)) == {release_id(1), release_id(3), release_id(5)}
    assert _stay(home)[release_id(3)] == f"package {CASE}/2026-03-02-abc"


def test_pruning_removes_writes_down_and_leaves_readers_alone(home_of: Callable[[Rows], Home]) -> None:
    home = home_of(decided_case(seen=2))
    assert [fate.is_pruned for fate in prune(home, 2, "operator", only_say=True)] == [True, True, True, False, False]
    assert len(release_folders(home.published)) == 5
    prune(home, 2, "operator", only_say=False)
    assert [folder.name for folder in release_folders(home.published)] == [release_id(4), release_id(5)]
    assert sorted(path.name for path in home.published.iterdir()) == [release_id(4), release_id(5), "current"]
    assert current_release(home.published).name == release_id(5)
    lines = [json.loads(line) for line in home.pruned.read_text(encoding="utf-8").splitlines()]
    assert [(line["release_id"], line["by"]) for line in lines] == [(release_id(day), "operator") for day in (1, 2, 3)]


def test_a_release_that_holds_a_forgotten_account_goes_though_it_is_recent(home_of: Callable[[Rows], Home]) -> None:
    home = home_of({})
    write_release(home.published, 6, {"actor_members": [(None, "actor_1", "account_9")]})
    write_release(home.published, 7)
    forget(home, "account_9", "request 12", "operator")
    fates = {fate.release_id: fate for fate in choose_prunable(home, 90)}
    assert fates[release_id(6)].is_pruned
    assert fates[release_id(6)].why == "it holds an account to be deleted"
    assert not any(fate.is_pruned for name, fate in fates.items() if name != release_id(6))


def test_a_run_that_has_the_home_is_waited_for(home_of: Callable[[Rows], Home], monkeypatch: pytest.MonkeyPatch) -> None:
    def held(_: Home) -> None:
        raise HomeLockedError("another run holds it")

    home = home_of({})
    monkeypatch.setattr("orchestration.retention.pruning.home_lock", held)
    with pytest.raises(HomeLockedError):
        prune(home, 1, "operator", only_say=False)
    assert len(release_folders(home.published)) == 5
