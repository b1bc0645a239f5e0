"""The coverage page: what could be computed for whom, why not for others, and the tactics that nothing could see."""

import re
from pathlib import Path

import pytest

from orchestration.publishing.reading import query_release
from orchestration.reporting import ReportSettings, write_site
from orchestration.reporting.coverage.map import percent
from orchestration.reporting.coverage.page import CoverageView, build_coverage
from orchestration.reporting.release import open_release
from orchestration.reporting.tables import Table

from .release_fixture import HOSTILE, rich_release, rich_rows, write_release


def view_of(folder: Path) -> CoverageView:
    with open_release(folder) as release:
        return build_coverage(release, ReportSettings())


@pytest.fixture(scope="session")
def view(rich: Path) -> CoverageView:
    return view_of(rich)


@pytest.fixture(scope="session")
def page(rich_site: dict[str, str]) -> str:
    return rich_site["coverage.html"]


def cells(view: CoverageView, table_id: str) -> dict[str, list[str]]:
    found: Table = next(table for section in view.sections for table in section.tables if table.table_id == table_id)
    return {row[0].text: [cell.text for cell in row] for row in found.rows}


def test_the_map_holds_every_signal_once_and_what_mitigates_comes_last(view: CoverageView):
    titles = [cell.title for family in view.families for cell in family.cells]
    assert titles == [
        *("Prepaid members", "A prepaid card of many", "Volume above peers", "One template", "Topic by topic"),
        *("Network hosting", "Contracted use"),
    ]
    assert [family.title for family in view.families] == ["Billing", "Bulk", "Capability", "Not in the registry", "Mitigating"]
    assert view.finding == (
        "Computable tonight, of 7 signals: 1 for nearly all, 2 for some, 1 for nobody, 1 without a subject and 2 not stated"
    )


def test_a_cell_says_its_shares_and_its_bar_adds_up(view: CoverageView):
    cell = next(cell for family in view.families for cell in family.cells if cell.signal_id == "sig_network_hosting")
    assert cell.figures == ("75%", "5%", "20%")
    assert cell.sentence == "computable for 75% of 1,200 subjects, partly for 5%, not for 20%"
    assert [stretch.kind for stretch in cell.stretches] == ["computable", "partly", "not"]
    assert sum(stretch.width for stretch in cell.stretches) == pytest.approx(96, abs=0.2)


def test_neither_nothing_nor_all_is_claimed_where_it_is_not_so():
    assert [percent(part, 1000) for part in (0, 1, 500, 999, 1000)] == ["0%", "<1%", "50%", ">99%", "100%"]


def test_what_is_missing_names_the_table_that_was_never_delivered(view: CoverageView):
    signals = cells(view, "signals")
    assert signals["A prepaid card of many"][-1] == (
        "No input for 1,200 accounts. Needs billing_charges (payment_method_fingerprint, payment_method_funding), "
        "which was never delivered."
    )
    assert signals["Topic by topic"][-1] == (
        "No input for 3 actors. Needs usage_requests (topic).; Too little support for 36 actors (it asks for 200)."
    )
    assert signals["Prepaid members"][5] == "nobody to judge"


def test_without_inputs_in_the_manifest_nothing_is_said_to_be_absent(tmp_path: Path):
    without = view_of(write_release(tmp_path / "release", rich_rows(3)))
    assert "never delivered" not in cells(without, "signals")["A prepaid card of many"][-1]
    assert {row[2] for row in cells(without, "needs-by-column").values()} == {"not stated"}


def test_needs_are_those_of_the_signals_version(view: CoverageView):
    needs = cells(view, "needs-by-column")
    assert set(needs) == {"billing_charges", "usage_requests"}
    assert "Prepaid members" not in " ".join(row[-1] for row in needs.values())
    assert needs["billing_charges"][2] == "never"


def test_what_was_lost_since_the_night_before_is_said_first(view: CoverageView, tmp_path: Path):
    assert "Computable the night before and for nobody tonight: A prepaid card of many." in view.answers[0][1]
    kept = rich_rows(3) | {"signal_coverage": [("sig_bulk_volume", day, 9, 0, 0) for day in ("2026-11-23", "2026-11-24")]}
    unchanged = view_of(write_release(tmp_path / "release", kept))
    assert "None that was computable the night before is lost." in unchanged.answers[0][1]


def test_gaps_are_said_by_their_kind(view: CoverageView):
    assert view.gaps_finding == "No active signal could speak of 4 of 6 known tactics tonight"
    gaps = dict(view.gaps)
    assert list(gaps)[-2:] == ["In shadow", "Cards"]
    assert gaps["Blind"] == "no signal speaks of it, known since 2026-09-16. Described by: a report. Named in 1 verdict."
    assert gaps["Cards"].startswith("1 active signal, computable for nobody tonight")
    assert gaps["In shadow"].startswith("1 signal in shadow, which count for nothing")
    assert any(gap.endswith("Named in 2 external leads.") for gap in gaps.values())
    assert "4 tactics that no active signal could speak of tonight" in view.answers[2][1]
    assert "billing_charges, which was never delivered and 1 signal need" in view.answers[2][1]


def test_a_surface_without_a_verdict_is_not_tested(view: CoverageView):
    found = next(table for section in view.sections for table in section.tables if table.table_id == "tactic-surfaces")
    tested = {(row[0].text, row[1].text): row[2].text for row in found.rows}
    assert tested["Bulk", "API"] == "confirmed"
    assert tested["Bulk", "Chat"] == "not tested"
    assert tested["Blind", "Chat"] == "no active signal"


def test_an_empty_release_gives_a_whole_page_that_says_so(empty: Path, empty_site: dict[str, str]):
    nothing = view_of(empty)
    assert nothing.families == ()
    assert nothing.finding == "The release states no signal"
    page = empty_site["coverage.html"]
    assert "The release states no tactic" in page
    assert page.rstrip().endswith("</html>")


def test_what_people_named_is_escaped_and_every_query_runs(page: str, view: CoverageView, rich: Path):
    assert HOSTILE not in page
    assert "&lt;script&gt;window.pwned" in page
    assert "<img" not in page
    for section in view.sections:
        if section.query:
            assert query_release(rich, section.query)[1], section.section_id


def test_a_reader_of_screens_hears_the_shares_and_the_drawing_is_hidden(page: str):
    bars = re.findall(r'<svg class="shares"[^>]*>', page)
    assert len(bars) == 7
    assert all('aria-hidden="true"' in bar for bar in bars)
    assert page.count("computable for 75% of 1,200 subjects") == 1


@pytest.mark.slow
def test_a_release_without_these_tables_says_which(tmp_path: Path):
    release = rich_release(tmp_path / "whole")
    lacking = write_release(tmp_path / "release", rich_rows(3), skip=["tactic_coverage", "signal_registry"])
    report = {page.name: page for page in write_site(lacking, tmp_path / "site")}["report.html"]
    assert "table tactic_coverage is absent and was read as empty" in report.read_text(encoding="utf-8")
    assert len(view_of(release).families) > len(view_of(lacking).families) == 1
