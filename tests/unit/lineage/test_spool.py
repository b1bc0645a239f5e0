"""The files of events: what waits, what stays, and what a run that died left open."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.lineage import spool
from orchestration.settings import Home

AT = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)


def _event(kind: str, run: str) -> str:
    return json.dumps({"eventType": kind, "run": {"runId": run}})


def _run(home: Home, number: int, *events: str) -> Path:
    path = spool.path_of_run(home, f"run-{number}", AT + timedelta(days=number))
    spool.append(path, events)
    return path


def test_a_line_that_a_crash_cut_off_is_closed_and_passed_over(home: Home) -> None:
    path = _run(home, 1, _event("START", "a"))
    with path.open("a") as stream:
        stream.write('{"eventType": "ST')
    spool.append(path, [_event("COMPLETE", "a")])
    assert [(number, event["eventType"]) for number, event in spool.read_events(path)] == [(1, "START"), (3, "COMPLETE")]


def test_what_never_ended_is_left_open_the_outermost_last(home: Home) -> None:
    path = _run(home, 1, *(_event("START", run) for run in ("night", "landing", "actors")), _event("COMPLETE", "landing"))
    assert [event["run"]["runId"] for event in spool.left_open(path)] == ["actors", "night"]


def test_of_a_new_receiver_the_newest_run_waits_and_later_what_it_was_not_told(home: Home) -> None:
    assert spool.waiting(home) == []
    _run(home, 1, _event("START", "a"))
    second = _run(home, 2, _event("START", "b"), _event("COMPLETE", "b"))
    assert [position for position, _ in spool.waiting(home)] == [(second.name, 1), (second.name, 2)]
    spool.remember_sent(home, (second.name, 1))
    third = _run(home, 3, _event("START", "c"))
    assert [position for position, _ in spool.waiting(home)] == [(second.name, 2), (third.name, 1)]


def test_only_the_newest_runs_stay(home: Home) -> None:
    for number in range(spool.KEPT_RUNS + 2):
        _run(home, number, _event("START", "a"))
    spool.drop_old(home)
    assert len(spool.run_files(home)) == spool.KEPT_RUNS
    assert spool.run_files(home)[-1].name.endswith(f"run-{spool.KEPT_RUNS + 1}.jsonl")
