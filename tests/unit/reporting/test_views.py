"""The weekly and the monthly view: whole, traceable, and saying what the release says."""

import re
from pathlib import Path

import pytest

from orchestration.publishing.reading import query_release
from orchestration.reporting import ReportSettings, write_site
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.leads import read_leads
from orchestration.reporting.metrics import read_metrics
from orchestration.reporting.monthly import build_monthly
from orchestration.reporting.page import Page, build_page
from orchestration.reporting.release import open_release
from orchestration.reporting.view import View
from orchestration.reporting.weekly import build_weekly

from .release_fixture import AS_OF, rich_rows, write_release

WEEKLY = ("capacity", "backlog", "due", "chosen", "agreement", "review-times", "referrals", "responses", "quarantined")
MONTHLY = (
    "decisions",
    "volume",
    "prevented",
    "returns",
    "displacement",
    "overturns",
    "alike",
    "consistency",
    "months-rates",
    "months-times",
)
SETTINGS = ReportSettings()


def views_of(folder: Path) -> tuple[Page, View, View]:
    with open_release(folder) as release:
        metrics = read_metrics(release)
        page = build_page(release, metrics, read_leads(release)[1], SETTINGS)
        return page, build_weekly(release, metrics, page, SETTINGS), build_monthly(release, metrics, page, SETTINGS)


@pytest.fixture(scope="session")
def views(rich: Path) -> tuple[Page, View, View]:
    return views_of(rich)


def figure(view: View, figure_id: str) -> Figure:
    return next(figure for figure in view.figures if figure.figure_id == figure_id)


def cells(figure: Figure) -> list[list[str]]:
    return [[cell.text for cell in row] for row in figure.table.rows]


def test_each_view_holds_its_figures_and_draws_them_all(views: tuple[Page, View, View]):
    _, weekly, monthly = views
    assert tuple(figure.figure_id for figure in weekly.figures) == WEEKLY
    assert tuple(figure.figure_id for figure in monthly.figures) == MONTHLY
    for drawn in (*weekly.figures, *monthly.figures):
        assert drawn.chart is not None, drawn.figure_id
        assert drawn.table.rows, drawn.figure_id


def test_an_empty_release_gives_sentences_and_whole_pages(empty: Path, tmp_path: Path):
    _, weekly, monthly = views_of(empty)
    for said in (*weekly.figures, *monthly.figures):
        assert said.chart is None, said.figure_id
        assert (said.thin or "").startswith("Not drawn:"), said.figure_id
    assert weekly.answers[2][1] == "Nothing: no lead is waiting, no referral is open and no gate failed."
    assert monthly.answers[1][1].startswith("No effect has enough data")
    for page in write_site(empty, tmp_path):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_every_figure_names_a_query_that_shows_its_rows(rich: Path, views: tuple[Page, View, View]):
    for figure in {figure.figure_id: figure for view in views for figure in view.figures}.values():
        columns, rows = query_release(rich, figure.query)
        assert columns, figure.figure_id
        assert rows, figure.figure_id
        assert not set(figure.query) & set('"$`!\\'), "the query stands in double quotes on a command line"
        tables = set(re.findall(r"from (?:'parquet/)?(\w+)", figure.query))
        assert tables & set(re.findall(r"\w+", figure.source)), figure.figure_id


def test_every_page_has_the_same_menu(rich_site: dict[str, str]):
    menu = [
        "index.html",
        "leads.html",
        "report.html",
        "weekly.html",
        "monthly.html",
        "gates.html",
        "coverage.html",
        "dictionary.html",
    ]
    assert list(rich_site)[: len(menu)] == menu
    for name, page in rich_site.items():
        root, current = ("../", "leads.html") if name.startswith("leads/") else ("", name)
        found = re.search(r'<nav class="pages.*?</nav>', page, re.DOTALL)
        assert found
        assert re.findall(r'<a href="([^"]+)"', found[0]) == [root + file for file in menu]
        assert re.findall(r'<a href="([^"]+)" aria-current', found[0]) == [root + current]


def test_a_figure_that_two_pages_show_is_the_same_drawing(rich_site: dict[str, str]):
    drawn = [
        re.search(r'<svg [^>]*aria-labelledby="chart-volume-wide.*?</svg>', rich_site[name], re.DOTALL)
        for name in ("report.html", "monthly.html")
    ]
    assert drawn[0]
    assert drawn[1]
    assert drawn[0][0] == drawn[1][0]


def test_the_week_says_what_was_decided_and_what_waits(views: tuple[Page, View, View]):
    _, weekly, _ = views
    # Seven days hold five weekdays of ten reviews; capacity is 25 a day.
    assert figure(weekly, "capacity").title == "50 reviews were decided in the last 7 days, 29% of capacity"
    assert cells(figure(weekly, "capacity"))[0] == ["2026-11-24", "30", "10", "25", "40%"]
    assert figure(weekly, "backlog").title == "120 leads wait for review, 28 of them past due; 20 waited a week before"
    assert cells(figure(weekly, "backlog"))[7] == ["2026-11-17", "20", "4", "20%"]
    assert figure(weekly, "due").title == "Due in the next 7 days: 92 leads; past due: 28"
    assert figure(weekly, "chosen").title == "40 of 120 waiting leads are of high severity"
    assert "kappa of 0.71 (95% interval 0.58 to 0.84)" in weekly.answers[1][1]
    assert "6 referrals without an answer (2 past due)" in weekly.answers[2][1]


def test_a_referral_without_an_answer_is_listed_with_its_wait(views: tuple[Page, View, View]):
    _, weekly, _ = views
    rows = cells(figure(weekly, "referrals"))
    assert [row[0] for row in rows[:2]] == ["rfr_cumulus_late", "rfr_harbor_late"]
    assert rows[0][4] == "12 days"
    assert rows[0][6] == "not acknowledged, past due"
    assert not any("acted" in row[0] for row in rows)


def test_an_interval_that_is_open_is_said_to_be(views: tuple[Page, View, View]):
    _, weekly, _ = views
    assert figure(weekly, "responses").title == "Half of all referrals are acted on within 4.5 days (95% interval not closed yet)"


def test_months_are_compared_only_where_the_intervals_are_apart(views: tuple[Page, View, View]):
    _, _, monthly = views
    rates, times = figure(monthly, "months-rates"), figure(monthly, "months-times")
    assert rates.title == "Overturn rate fell from 19% to 5%"
    assert times.title == "Time to review, median fell from 6 days to 2 days"
    assert rates.n == "6 estimates in 3 months, 3 with too little data"
    assert rates.chart is not None
    assert [panel.title for panel in rates.chart.panels] == ["Overturn rate"]


def test_what_moved_elsewhere_may_be_below_zero_and_is_drawn(views: tuple[Page, View, View]):
    _, _, monthly = views
    drawn = figure(monthly, "displacement")
    assert drawn.chart is not None
    assert [[row.value for row in group.rows] for group in drawn.chart.groups] == [[-0.12], [0.2], [0.1]]
    assert "-12% (95% interval -30% to 4%)" in drawn.title


def test_the_month_says_what_was_wrong_and_what_has_too_little_data(views: tuple[Page, View, View]):
    _, _, monthly = views
    assert monthly.answers[2][1] == "12 account-days lost to actions wrong on the facts and 1 outlying decision to look at again."
    assert monthly.answers[1][1].startswith("There is enough data to estimate the change of volume, prevented volume")


def test_a_month_without_a_decision_is_zero(tmp_path: Path):
    actions = [
        (f"a{month}", f"case_{month}", "acct", None, "warning", "api", AS_OF.replace(month=month), None, None, False)
        for month in (8, 11)
    ]
    _, _, monthly = views_of(write_release(tmp_path / "release", {"actions": actions}))
    drawn = figure(monthly, "decisions")
    assert drawn.title == "1 decision in 2026-11 so far, 0 in 2026-10"
    assert drawn.chart is not None
    assert [point.y for point in drawn.chart.panels[0].series[0].points] == [1, 0, 0, 1]


@pytest.mark.parametrize("without", ["reviews", "referrals", "quarantine"])
def test_a_release_that_lacks_a_table_still_gives_its_views(tmp_path: Path, without: str):
    release = write_release(tmp_path / "release", rich_rows(3), skip=[without])
    page, weekly, _ = views_of(release)
    assert f"table {without} is absent and was read as empty" in page.notes
    assert len(weekly.figures) == len(WEEKLY)


def test_the_week_lists_the_gates_of_its_runs(views: tuple[Page, View, View]):
    _, weekly, _ = views
    table = next(t for section in weekly.sections for t in section.tables if t.table_id == "gate-nights")
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["2026-11-24", "Marts", "passed", "40", "0"],
        ["2026-11-24", "Sources", "passed", "40", "0"],
        ["2026-11-22", "Marts", "failed", "42", "1"],
        ["2026-11-22", "Sources", "failed", "42", "1"],
    ]


def test_without_a_published_capacity_none_is_drawn(tmp_path: Path):
    _, weekly, _ = views_of(write_release(tmp_path / "release", rich_rows(3), settings={}))
    drawn = figure(weekly, "capacity")
    assert drawn.title == "50 reviews were decided in the last 7 days"
    assert drawn.chart is not None
    assert [series.mark for series in drawn.chart.panels[0].series] == ["column"]
