"""What a night asks of Spark before it writes there."""

from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from orchestration.landing.files import RunPlan
from orchestration.settings import Home
from orchestration.spark import night
from orchestration.spark.settings import REQUIRED
from orchestration.spark.statements import SparkError
from tests.unit.spark.cursor import Remembering, remembering

DAY = date(2026, 3, 5)
PLAN = RunPlan(landing=Path("/landing"), as_of_from=date(2026, 3, 6), as_of_to=date(2026, 3, 6), arrived_from=DAY, files=())


def _prepared(monkeypatch: pytest.MonkeyPatch, home: Home, properties: str, *, anew: bool, **other: str) -> Remembering:
    settings = {f"set {name}": [(name, value)] for name, value in (REQUIRED | other).items()}
    spark, cursor = remembering(settings | {"describe schema": [("Properties", properties)]})

    @contextmanager
    def opened():
        yield spark

    monkeypatch.setattr(night, "statements", opened)
    keyed = {"main.states": "arrived_on", "main.scores": "as_of_date", "main.days": "activity_date"}
    night.prepare(home, PLAN, keyed, 3, (), anew=anew)
    return cursor


def test_each_table_is_rewound_by_its_own_date(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = Home(root=tmp_path, target="spark")
    cursor = _prepared(monkeypatch, home, f"((stillwatch.home,{tmp_path}))", anew=False)
    assert [sql for sql in cursor.told if sql.startswith("delete")] == [
        "delete from main.states where arrived_on >= date '2026-03-05'",
        "delete from main.scores where as_of_date >= date '2026-03-06'",
        "delete from main.days where activity_date >= date '2026-03-02'",
    ]
    assert sum("view landing." in sql for sql in cursor.told) == 17


def test_before_the_first_night_they_are_dropped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An attempt under other code may have left other columns."""
    cursor = _prepared(monkeypatch, Home(root=tmp_path), f"((stillwatch.home,{tmp_path}))", anew=True)
    assert [sql for sql in cursor.told if "main.scores" in sql] == ["drop table if exists main.scores purge"]


def test_another_homes_tables_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(
        SparkError, match=r"belongs to another home \(\(stillwatch\.home,/elsewhere\)\), not to .*alter schema main set"
    ):
        _prepared(monkeypatch, Home(root=tmp_path), "((stillwatch.home,/elsewhere))", anew=True)


def test_a_server_set_otherwise_is_refused_with_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    setting = "spark.sql.session.timeZone"
    with pytest.raises(SparkError, match=rf"{setting} must be UTC, and is Europe/Berlin: start .* --conf {setting}=UTC"):
        _prepared(monkeypatch, Home(root=tmp_path), "", anew=True, **{setting: "Europe/Berlin"})
