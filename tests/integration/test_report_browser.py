"""The pages of a release in a real browser: sizes, colour schemes, keyboard alone, no network, no serious barrier."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, ViewportSize, sync_playwright

from orchestration.reporting import write_site

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWS = ["index", "leads", "report", "weekly", "monthly", "gates", "coverage", "dictionary"]
PAGES = [*(f"{name}-{view}" for name in ("rich", "empty") for view in VIEWS), "rich-lead"]
SIZES = {"desk": ViewportSize(width=1280, height=900), "telephone": ViewportSize(width=390, height=844)}


def release_fixture() -> ModuleType:
    """Load the releases of the unit tests, wherever pytest put its roots."""
    path = Path(__file__).parents[1] / "unit" / "reporting" / "release_fixture.py"
    spec = importlib.util.spec_from_file_location("report_release_fixture", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = str(CHROMIUM) if CHROMIUM.exists() else shutil.which("chromium")
    if found is None:
        reason = f"needs Debian's chromium at {CHROMIUM}: apt-get update && apt-get install -y chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = release_fixture()
    folder = tmp_path_factory.mktemp("releases")
    releases = {
        "rich": made.rich_release(folder / "rich"),
        "empty": made.empty_release(folder / "empty"),
        "large": made.rich_release(folder / "large", lead_count=5000),
    }
    written = {name: write_site(release, folder / f"{name}-site") for name, release in releases.items()}
    of_leads = {f"{name}-lead": pages[len(VIEWS)] for name, pages in written.items() if len(pages) > len(VIEWS)}
    return {f"{name}-{page.stem}": page for name, pages in written.items() for page in pages[: len(VIEWS)]} | of_leads


class Visit:
    """An opened page with what it asked for and complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._requested)

    def _requested(self, request: Request) -> None:
        self.requests.append(request.url)


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    size, scheme = getattr(request, "param", ("desk", "light"))
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
    yield Visit(context.new_page())
    context.close()


both_looks = pytest.mark.parametrize(
    "visit", [("desk", "light"), ("telephone", "dark")], indirect=True, ids=["desk-light", "telephone-dark"]
)
"""Widths and colours do not depend on each other, so that two looks try both sizes and both schemes."""


@both_looks
@pytest.mark.parametrize("name", PAGES)
def test_it_opens_without_complaint_network_sideways_scroll_or_barrier(visit: Visit, sites: dict[str, Path], name: str):
    page = visit.page
    page.goto(sites[name].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert visit.complaints == []
    assert visit.requests == [sites[name].as_uri()]
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1]
    assert page.evaluate("window.pwned") is None
    found = Axe().run(page).response["violations"]
    barriers = [
        f"{violation['id']} ({violation['impact']}): {violation['nodes'][0]['html'][:160]}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]
    assert barriers == []


@pytest.mark.parametrize("visit", [("desk", "light"), ("telephone", "light")], indirect=True, ids="-".join)
@pytest.mark.parametrize(
    ("name", "figure_count"),
    [("rich-index", 2), ("rich-report", 7), ("rich-weekly", 9), ("rich-monthly", 10), ("rich-lead", 2), ("rich-dictionary", 4)],
)
def test_one_drawing_of_each_figure_shows_and_its_text_stays_legible(
    visit: Visit, sites: dict[str, Path], name: str, figure_count: int
):
    visit.page.goto(sites[name].as_uri())
    charts = [chart for chart in visit.page.locator("svg.chart").all() if chart.is_visible()]
    assert len(charts) == figure_count
    for chart in charts:
        drawn, shown = chart.get_attribute("width"), chart.bounding_box()
        assert drawn
        assert shown
        assert shown["width"] / float(drawn) * 12 >= 11
        written = chart.locator("text").first.evaluate("text => getComputedStyle(text).fontFamily")
        assert written == visit.page.evaluate("getComputedStyle(document.body).fontFamily")


def test_dark_is_dark_and_text_differs_from_paper(browser: Browser, sites: dict[str, Path]):
    seen: dict[str, tuple[str, str]] = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(sites["rich-report"].as_uri())
        style = "(what) => getComputedStyle(document.querySelector('.chart .label text'))[what]"
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        seen[scheme] = (paper, page.evaluate(style, "fill"))
        page.close()
    assert seen["light"][0] == "rgb(255, 255, 255)"
    assert seen["dark"][0] == "rgb(20, 24, 27)"
    assert seen["light"][1] != seen["dark"][1]


def press_until(page: Page, selector: str, *, most: int = 120) -> None:
    """Move with Tab alone until the first element of `selector` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement === document.querySelector(selector)", selector):
            return
    pytest.fail(f"Tab never reached {selector}")


def column(page: Page, place: int) -> list[str]:
    return page.locator(f'[data-table="leads"] tbody td:nth-child({place})').all_inner_texts()


@pytest.mark.parametrize("visit", [("desk", "light"), ("telephone", "light")], indirect=True, ids="-".join)
def test_sort_filter_and_paging_work_by_keyboard_and_live_in_the_address(visit: Visit, sites: dict[str, Path]):
    page = visit.page
    page.goto(sites["rich-leads"].as_uri())
    status = page.locator('[data-table="leads"] [role="status"]')
    assert status.inner_text() == "Rows 1 to 25 of 120"

    press_until(page, '[data-table="leads"] input[type="search"]')
    page.keyboard.type("trial farmer")
    assert status.inner_text() == "Rows 1 to 25 of 30, found among 120"
    assert set(column(page, 5)) == {"Trial farmer"}

    press_until(page, '[data-table="leads"] th button')
    page.keyboard.press("Enter")
    descending = column(page, 1)
    page.keyboard.press("Enter")
    ascending = column(page, 1)
    assert [float(text) for text in descending] == sorted((float(text) for text in descending), reverse=True)
    assert [float(text) for text in ascending] == sorted(float(text) for text in ascending)
    assert ascending != descending
    header = page.locator('[data-table="leads"] thead th').first
    assert header.get_attribute("aria-sort") == "ascending"

    address = page.url
    assert "leads.q=trial+farmer" in address
    assert "leads.sort=0.asc" in address
    again = page.context.new_page()
    again.goto(address)
    assert column(again, 1) == ascending
    assert visit.complaints == []


def test_next_rows_shows_the_following_leads(visit: Visit, sites: dict[str, Path]):
    page = visit.page
    page.goto(sites["rich-leads"].as_uri())
    first = column(page, 2)
    page.locator('[data-table="leads"] .controls button', has_text="Next rows").focus()
    page.keyboard.press("Enter")
    assert page.locator('[data-table="leads"] [role="status"]').inner_text() == "Rows 26 to 50 of 120"
    assert not set(first) & set(column(page, 2))


def test_a_drop_down_narrows_to_its_value(visit: Visit, sites: dict[str, Path]):
    page = visit.page
    page.goto(sites["rich-leads"].as_uri())
    page.locator('[data-table="leads"]').get_by_label("Selected by").select_option("External lead")
    assert set(column(page, 10)) == {"External lead"}
    assert page.locator('[data-table="leads"] [role="status"]').inner_text() == "Rows 1 to 24 of 24, found among 120"


def test_what_the_script_draws_is_what_the_page_came_with(visit: Visit, browser: Browser, sites: dict[str, Path]):
    visit.page.goto(sites["rich-leads"].as_uri())
    context = browser.new_context(viewport=SIZES["desk"], java_script_enabled=False)
    plain = context.new_page()
    plain.goto(sites["rich-leads"].as_uri())
    rows = '[data-table="leads"] tbody tr'
    assert visit.page.locator(rows).all_inner_texts() == plain.locator(rows).all_inner_texts()
    assert plain.locator('[data-table="leads"]').get_by_text("the others need the page's script").is_visible()
    context.close()


def test_five_thousand_leads_stay_fluid(visit: Visit, sites: dict[str, Path]):
    page = visit.page
    page.goto(sites["large-leads"].as_uri())
    # the page may be loaded before its paint is on record
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    assert page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") < 1000
    sorting = """() => {
        const from = performance.now();
        document.querySelectorAll('[data-table=leads] th button')[4].click();
        return performance.now() - from;
    }"""
    assert page.evaluate(sorting) < 500
    assert page.locator('[data-table="leads"] [role="status"]').inner_text() == "Rows 1 to 25 of 5,000"


@both_looks
def test_the_map_of_signals_fits_and_tells_its_shares_apart_without_colour(visit: Visit, sites: dict[str, Path]):
    page = visit.page
    page.goto(sites["rich-coverage"].as_uri())
    figures = [" ".join(text.split()) for text in page.locator(".family .figures").all_inner_texts()]
    assert figures[:2] == ["no actor tonight", "0% 0% 100%"]
    assert all(figures)
    hatched = page.locator(".shares .partly").first
    assert "hatch" in hatched.evaluate("bar => getComputedStyle(bar).fill")
    ends = page.evaluate("[...document.querySelectorAll('.family li')].map((cell) => cell.getBoundingClientRect().right)")
    assert max(ends) <= page.evaluate("document.documentElement.clientWidth")


def test_a_word_is_found_among_all_columns_by_keyboard(visit: Visit, sites: dict[str, Path]):
    page = visit.page
    page.goto(sites["rich-dictionary"].as_uri())
    press_until(page, '[data-table="all-columns"] input[type="search"]')
    page.keyboard.type("between 0 and 1")
    assert page.locator('[data-table="all-columns"] [role="status"]').inner_text() == "Rows 1 to 1 of 1, found among 35"
    assert page.locator('[data-table="all-columns"] tbody td').all_inner_texts()[:2] == ["scores", "score"]
    press_until(page, '.index a[href="#table-scores"]')
    page.keyboard.press("Enter")
    assert page.url.endswith("dictionary.html#table-scores")
    assert visit.complaints == []


def test_paper_holds_the_map_and_every_column(browser: Browser, sites: dict[str, Path]):
    page = browser.new_page(viewport=ViewportSize(width=688, height=980))
    for name, selector, amount in (("rich-coverage", ".family li", 7), ("rich-dictionary", ".entry tbody tr", 35)):
        page.goto(sites[name].as_uri())
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 688
        shown = [entry for entry in page.locator(selector).all() if entry.is_visible()]
        assert len(shown) == amount
        assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()


def test_the_pages_lead_to_each_other_by_keyboard(visit: Visit, sites: dict[str, Path]):
    page = visit.page
    page.goto(sites["rich-index"].as_uri())
    for target in (*VIEWS[1:], "index"):
        press_until(page, f'.pages a[href="{target}.html"]')
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{target}.html")
        assert page.locator("h1").count() == 1
    assert visit.complaints == []


def test_a_lead_is_reached_from_the_queue_and_leads_on_to_the_next_and_back(visit: Visit, sites: dict[str, Path]):
    page = visit.page
    page.goto(sites["rich-leads"].as_uri())
    first, second = column(page, 2)[:2]
    press_until(page, '[data-table="leads"] tbody a')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/leads/{first}.html")
    assert page.locator("h1").inner_text() == "5 accounts, looks like harvesting to train a model"
    press_until(page, '.trail a[rel="next"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/leads/{second}.html")
    page.get_by_role("link", name="All leads").click()
    page.wait_for_url("**/leads.html")
    assert visit.complaints == []


def test_rows_further_down_lead_to_their_pages_too(visit: Visit, sites: dict[str, Path]):
    page = visit.page
    page.goto(sites["rich-leads"].as_uri() + "#leads.sort=0.desc")
    shown = page.locator('[data-table="leads"] tbody tr', has=page.locator("a")).first
    lead_id = shown.locator("td").nth(1).inner_text()
    shown.locator("a").click()
    page.wait_for_url(f"**/leads/{lead_id}.html")


@pytest.mark.parametrize(("name", "figure"), [("rich-report", "times"), ("rich-weekly", "backlog"), ("rich-monthly", "alike")])
def test_print_shows_the_rows_below_the_charts_within_the_paper(browser: Browser, sites: dict[str, Path], name: str, figure: str):
    # A4 less its margins of 14 mm is 182 mm: 688 CSS pixels; less 16 mm it is 265 mm high: 1001.
    page = browser.new_page(viewport=ViewportSize(width=688, height=980))
    page.goto(sites[name].as_uri())
    page.emulate_media(media="print")
    assert page.locator(f"#figure-{figure} tbody tr").first.is_visible()
    assert not any(entry.is_visible() for entry in page.locator("[data-table] input").all())
    heights = page.evaluate("[...document.querySelectorAll('.wide .chart')].map((chart) => chart.getBoundingClientRect().height)")
    assert heights
    assert max(heights) <= 1001, "a chart that is higher than the paper is cut"
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
