"""The lineage of real nights: whole, linked from night to night, true to the releases, and without a value of a row."""

import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from playwright.sync_api import Request, sync_playwright

from orchestration.lineage.spool import read_events, run_files
from orchestration.night.running import run_nights
from orchestration.night.steps import GateFailedError
from orchestration.settings import PROJECT_ROOT, Home
from tests.pages import Session, blocks_of, commands_of, run

from .conftest import SHARES_NIGHTS, START, Nights
from .test_report_browser import CHROMIUM, FLAGS

pytestmark = SHARES_NIGHTS
Event = dict[str, Any]
PAGE = "docs/method/lineage.md"


@pytest.fixture(scope="module")
def followed(three_nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Session]:
    """A reader's folder after the page's blocks ran in it, and what they said."""
    folder = tmp_path_factory.mktemp("reader")
    said = run(commands_of(PAGE), PROJECT_ROOT, {"HOME": str(folder), "STILLWATCH_HOME": str(three_nights.home.root)})
    return folder, said


def nights_of(home: Home) -> list[list[Event]]:
    """Return the events of each run of a home."""
    return [[event for _, event in read_events(path)] for path in run_files(home)]


def ended(events: list[Event]) -> dict[str, Event]:
    """Return by job the event that ended it; each job began and ended once."""
    begun = [event["run"]["runId"] for event in events if event["eventType"] == "START"]
    ends = [event for event in events if event["eventType"] != "START"]
    assert sorted(begun) == sorted(event["run"]["runId"] for event in ends)
    assert len(set(begun)) == len(begun)
    return {event["job"]["name"]: event for event in ends}


def edges(events: list[Event]) -> dict[str, tuple[set[str], set[str]]]:
    """Return by job the names that it reads and writes."""
    return {
        job: ({read["name"] for read in event["inputs"]}, {made["name"] for made in event["outputs"]})
        for job, event in ended(events).items()
    }


def test_every_published_mart_is_told_with_the_rows_and_columns_of_its_release(three_nights: Nights) -> None:
    told = nights_of(three_nights.home)
    assert len(told) == len(three_nights.manifests)
    for events, manifest in zip(told, three_nights.manifests, strict=True):
        published = {job.removeprefix("publish."): event for job, event in ended(events).items() if job.startswith("publish.")}
        rows = {name: event["outputs"][0]["outputFacets"]["outputStatistics"]["rowCount"] for name, event in published.items()}
        assert rows == manifest.tables
        versions = {event["outputs"][0]["facets"]["version"]["datasetVersion"] for event in published.values()}
        assert versions == {manifest.release_id}
        release = three_nights.home.published / manifest.release_id
        sizes = {
            name: sum((release / part.relative_path).stat().st_size for part in manifest.parts if part.table == name)
            for name in published
        }
        assert sizes == {name: e["outputs"][0]["outputFacets"]["outputStatistics"]["size"] for name, e in published.items()}
        with duckdb.connect(str(release / "marts.duckdb"), read_only=True) as marts:
            for name, event in published.items():
                columns = [row[0] for row in marts.execute(f"describe {name}").fetchall()]
                assert [field["name"] for field in event["outputs"][0]["facets"]["schema"]["fields"]] == columns


def test_every_run_ended_well_and_hangs_on_the_night(three_nights: Nights) -> None:
    for events in nights_of(three_nights.home):
        assert {event["eventType"] for event in ended(events).values()} == {"COMPLETE"}
        known = {event["run"]["runId"]: event["job"]["name"] for event in events}
        parents = {event["job"]["name"]: event["run"]["facets"].get("parent") for event in events}
        assert [job for job, parent in parents.items() if parent is None] == ["night"]
        for parent in filter(None, parents.values()):
            assert known[parent["run"]["runId"]] == parent["job"]["name"]
        logged = {event["run"]["facets"]["parent"]["root"]["run"]["runId"] for event in events if event["job"]["name"] != "night"}
        assert logged == {next(run for run, job in known.items() if job == "night")}


def test_nights_link_up_and_nothing_that_is_read_comes_from_nowhere(three_nights: Nights) -> None:
    first, *others = (edges(events) for events in nights_of(three_nights.home))
    # seeds are loaded and tested when code changes, everything else every night and from the same
    seeds = {name for job, (_, writes) in first.items() for name in writes if job.startswith("seed.")}
    for night in others:
        assert {job for job in first if not job.startswith("seed.")} == set(night)
        for job, edge in night.items():
            assert edge == (first[job] if job.startswith("model.") else (first[job][0] - seeds, first[job][1])), job
    made = {name for _, writes in first.values() for name in writes}
    read = {name for reads, _ in first.values() for name in reads}
    assert {name for name in read - made if not name.startswith(("landing.", "reference."))} == set()
    by_table = {name: reads for reads, writes in first.values() for name in writes}
    found, pending = set[str](), ["published.review_queue"]
    while pending:
        new = by_table.get(pending.pop(), set()) - found
        found |= new
        pending += new
    assert {"landing.usage_requests", "computed.actor_members", "main.scores", "computed.review_queue"} <= found
    namespaces = {
        each["namespace"]
        for events in nights_of(three_nights.home)
        for event in events
        for each in (event["job"], *event["inputs"], *event["outputs"])
    }
    assert namespaces == {f"stillwatch.{three_nights.home.root.name}"}


def test_gates_and_tests_are_assertions_on_the_tables_they_judged(three_nights: Nights) -> None:
    [first, *_] = nights_of(three_nights.home)
    ends = ended(first)
    for gate, part in (("night.landing", "landing"), ("night.mart_gate", "main")):
        judged = {read["name"]: read["inputFacets"]["dataQualityAssertions"]["assertions"] for read in ends[gate]["inputs"]}
        [report] = [gate_ for gate_ in three_nights.manifests[0].gates if (gate_["gate"] == "sources") == (part == "landing")]
        assert sum(map(len, judged.values())) == len(report["findings"])
        assert set(judged) == {f"{part}.{finding['table']}" for finding in report["findings"]}
    landed = {read["name"]: read["inputFacets"]["inputStatistics"]["rowCount"] for read in ends["night.landing"]["inputs"]}
    requests = sum(file.rows for file in three_nights.manifests[0].inputs if file.path.startswith("usage_requests/"))
    assert landed["landing.usage_requests"] == requests


def test_no_value_of_a_row_is_told(three_nights: Nights) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in run_files(three_nights.home))
    with duckdb.connect(str(three_nights.home.current / "marts.duckdb"), read_only=True) as marts:
        ids = [
            value for (value,) in marts.execute("select account_id from accounts union select subject_id from scores").fetchall()
        ]
    assert len(ids) > 300
    assert [value for value in ids if value in text] == []
    assert str(three_nights.home.root.parent) not in text


def test_a_failed_gate_ends_step_and_night_with_what_was_against_it(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STILLWATCH_LINEAGE", "file")
    for table in ("usage_requests", "accounts"):
        for path in (landing / table / f"arrived_on={START}").glob("*.parquet"):
            target = tmp_path / "landing" / path.relative_to(landing)
            target.parent.mkdir(parents=True, exist_ok=True)
            pl.read_parquet(path).drop("account_id").write_parquet(target)
    home = Home(root=tmp_path / "home")
    with pytest.raises(GateFailedError):
        run_nights(home, tmp_path / "landing", START, START)
    [events] = nights_of(home)
    ends = ended(events)
    assert {job: event["eventType"] for job, event in ends.items()} == {"night.landing": "FAIL", "night": "FAIL"}
    assert "sources gate" in ends["night"]["run"]["facets"]["errorMessage"]["message"]
    of_requests = next(read for read in ends["night.landing"]["inputs"] if read["name"] == "landing.usage_requests")
    failed = [each for each in of_requests["inputFacets"]["dataQualityAssertions"]["assertions"] if not each["success"]]
    assert {each["severity"] for each in failed} >= {"error"}


def test_the_blocks_of_the_page_run_and_its_example_is_an_event_of_today(followed: tuple[Path, Session]) -> None:
    [example] = [block for block in blocks_of(PAGE) if block.tag == "json"]
    printed = list(followed[1].printed.values())
    assert all(printed)
    shown, said = json.loads(example.text), json.loads(printed[-1])
    assert {key: said[key] for key in ("eventType", "job", "parent", "inputs", "output")} == {
        key: shown[key] for key in ("eventType", "job", "parent", "inputs", "output")
    }
    assert said.keys() == shown.keys()
    assert said["outputStatistics"].keys() == shown["outputStatistics"].keys()


@pytest.mark.browser
def test_the_catalog_opens_from_the_file_system_and_shows_a_model_and_its_lineage(followed: tuple[Path, Session]) -> None:
    if not CHROMIUM.exists():
        pytest.skip(f"needs Debian's chromium at {CHROMIUM}")
    page_path = followed[0] / "catalog" / "index.html"
    assert list(page_path.parent.iterdir()) == [page_path]
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), headless=True, args=FLAGS)
        page = browser.new_context(offline=True).new_page()
        page.on("request", note)
        page.goto(f"{page_path.as_uri()}#!/model/model.stillwatch.scores")
        page.get_by_role("heading", name="scores").first.wait_for()
        assert "log_odds" in page.inner_text("body")
        page.goto(f"{page_path.as_uri()}#!/model/model.stillwatch.scores?g_v=1&g_i=%2Bscores")
        page.reload()
        page.wait_for_function("document.querySelector('canvas[data-id=layer2-node]')?.width > 0")
        assert page.evaluate("document.querySelector('[data-id=layer2-node]').toDataURL().length") > 10_000
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    # dbt's page loads a tracker of its maker where this is true
    assert '"send_anonymous_usage_stats": false' in page_path.read_text(encoding="utf-8")
