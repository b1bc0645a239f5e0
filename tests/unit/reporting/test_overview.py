"""The first page: what changed since the night before, counted, and where it leads."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from orchestration.reporting.changes import Changes, read_changes
from orchestration.reporting.release import open_release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.subjects.reading import read_subjects
from orchestration.reporting.tables import Table

from .release_fixture import AS_OF, rich_rows, write_release

BEFORE = AS_OF - timedelta(days=2)
NIGHTS = [{"as_of_date": str(day), "gate": "marts", "success": True, "checked_count": 1, "unmet": []} for day in (BEFORE, AS_OF)]


def changes_of(release: Path) -> Changes:
    with open_release(release) as opened:
        return read_changes(opened, read_subjects(opened, ReportSettings()))


@pytest.fixture(scope="module")
def changes(rich: Path) -> Changes:
    return changes_of(rich)


def shown(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_the_night_before_is_that_of_the_last_run(changes: Changes):
    assert changes.before == BEFORE
    counts = {row[0]: row[1:] for row in shown(changes.counts)}
    # of the nights before the last, each has leads of its own: 20 and the night's number modulo seven
    assert counts["Leads in the queue"] == ["22", "120", "+98"]
    assert counts["Accounts and actors scored"] == ["40", "120", "+80"]
    assert counts["Actors new"] == ["–", "0", "–"]  # noqa: RUF001
    assert counts["Reviews decided since the night before"][1] == str(
        10 * sum((AS_OF - timedelta(days=n)).weekday() < 5 for n in (0, 1))
    )


def test_leads_that_came_and_left_are_named(changes: Changes):
    assert (changes.came_count, changes.left_count) == (120, 22)
    assert "120 leads came and 22 left" in changes.sentence
    assert {row[4] for row in shown(changes.left)} == {"not reviewed: no longer among the first"}
    led = [row[0] for row in changes.came.rows if row[0].page]
    assert len(led) == 96
    assert all(cell.page == f"leads/{cell.text}.html" for cell in led)


def test_a_lead_that_was_reviewed_says_what_was_found(tmp_path: Path):
    rows = rich_rows(5)
    earlier = [lead for lead in rows["review_queue"] if lead[0] == BEFORE]
    tonight = [lead for lead in rows["review_queue"] if lead[0] == AS_OF]
    stays = [(AS_OF, *tonight[0][1:]), (BEFORE, *tonight[0][1:])]
    review = (
        "r",
        earlier[0][1],
        datetime.combine(AS_OF - timedelta(days=1), time(12)),
        "account",
        "acct_0",
        "benign",
        None,
        False,
    )
    release = write_release(
        tmp_path / "release",
        rows | {"review_queue": [*stays, earlier[0], earlier[1]], "reviews": [review]},
        gate_nights=NIGHTS,
    )
    found = changes_of(release)
    assert found.came_count == 0
    assert {row[0]: row[4] for row in shown(found.left)} == {
        earlier[0][1]: "reviewed: benign",
        earlier[1][1]: "not reviewed: no longer among the first",
    }


def test_evidence_that_moved_is_listed_the_most_first(changes: Changes):
    moves = [abs(row[4].key or 0) for row in changes.moved.rows]
    assert len(moves) == 25
    assert moves == sorted(moves, reverse=True)
    assert min(moves) > 0.005


def test_a_first_night_has_nothing_to_compare_with(tmp_path: Path):
    release = write_release(tmp_path / "release", rich_rows(5), gate_nights=NIGHTS[1:])
    found = changes_of(release)
    assert found.before is None
    assert (found.came_count, found.left_count) == (0, 0)
    assert found.sentence == found.came.empty == found.left.empty == found.moved.empty
    assert {row[0]: row[2] for row in shown(found.counts)}["Leads in the queue"] == "5"


def test_the_first_page_leads_to_every_other(rich_site: dict[str, str]):
    page = rich_site["index.html"].split('id="pages"')[1].split("</dl>")[0]
    for name in ("leads.html", "report.html", "weekly.html", "monthly.html", "gates.html"):
        assert f'<a href="{name}">' in page
    assert "1 gate failed (scores &lt;sum&gt;)" in rich_site["index.html"]
