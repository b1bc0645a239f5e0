"""What is read from a release, and from which of its two stores."""

from pathlib import Path

from orchestration.reporting.release import Gate, Manifest, open_release

from .release_fixture import AS_OF, FIRST


def test_history_is_read_from_parquet_without_counting_the_newest_days_twice(rich: Path):
    with open_release(rich) as release:
        found = release.rows("select min(activity_date) as first_on, count(*) as n from account_days")[0]
        keys = "select distinct account_id, activity_date, surface from account_days"
        distinct = release.rows(f"select count(*) as n from ({keys})")[0]
    assert found["first_on"] == FIRST
    assert found["n"] == distinct["n"]


def test_without_history_the_newest_days_of_the_database_are_read(empty: Path):
    with open_release(empty) as release:
        assert release.rows("select count(*) as n from account_days") == [{"n": 0}]
        assert release.notes == ()


def test_the_as_of_date_is_bound_where_a_query_names_it(rich: Path):
    with open_release(rich) as release:
        assert release.rows("select $as_of_date as day") == [{"day": AS_OF}]


def test_only_an_explicit_status_counts_as_calibrated():
    def status(text: str) -> bool:
        return Manifest(release_id="r", as_of_date=AS_OF, calibration_status=text).is_calibrated

    assert status("calibrated")
    assert status("Calibrated on 300 reviews")
    assert not status("expert prior")
    assert not status("not calibrated")
    assert not status("")


def test_only_what_a_gate_checked_and_did_not_find_met_is_unmet():
    met = {"success": True, "message": "fine"}
    gate = Gate(gate="g", success=True, findings=[met, {"success": False, "message": "3 rows repeat"}, "odd"])
    assert gate.checked_count == 3
    assert gate.unmet == ["3 rows repeat", "odd"]
    assert Gate(gate="g", success=True, findings=3).unmet is None
    assert Gate(gate="g", success=True, findings=[met]).unmet == []
