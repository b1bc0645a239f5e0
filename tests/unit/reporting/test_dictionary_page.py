"""The data dictionary: every table and column of the catalog, with its lineage drawn and in words."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from orchestration.dictionary.catalog import FILE, CatalogError
from orchestration.reporting import ReportSettings, write_site
from orchestration.reporting.dictionary.drawing import Box, BoxGroup, draw_layers, draw_neighbours
from orchestration.reporting.dictionary.page import DictionaryView, build_dictionary
from orchestration.reporting.release import Manifest, open_release

from .release_fixture import HOSTILE, catalog, rich_release


@pytest.fixture(scope="session")
def manifest(rich: Path) -> Manifest:
    with open_release(rich) as release:
        return release.manifest


@pytest.fixture(scope="session")
def view(manifest: Manifest) -> DictionaryView:
    return build_dictionary(manifest, catalog(), ReportSettings())


@pytest.fixture(scope="session")
def page(rich_site: dict[str, str]) -> str:
    return rich_site["dictionary.html"]


def facts(view: DictionaryView, table: str) -> dict[str, str]:
    return next(dict(one.facts) for _, tables in view.groups for one in tables if one.table == table)


def test_every_column_is_in_the_one_table_and_in_its_own(view: DictionaryView, page: str):
    columns = next(table for section in view.sections for table in section.tables if table.table_id == "all-columns")
    assert len(columns.rows) == 35
    for table in catalog().tables:
        own = page.split(f'id="table-{table.name}"')[1].split("</section>", maxsplit=1)[0]
        assert own.count("<tr>") == 1 + len(table.columns)


def test_a_table_says_its_key_rows_parts_and_what_is_checked(view: DictionaryView):
    scores = facts(view, "scores")
    assert scores["Key"] == "as_of_date, subject_id"
    assert scores["Rows"] == "320"
    assert scores["Parts"] == "parquet/scores/: one a night, by as_of_date"
    assert scores["Gate holds that"] == "a score lies between its bounds"
    assert facts(view, "review_queue")["Rows"] == "not stated"


def test_rows_of_the_night_are_told_from_the_parts(manifest: Manifest):
    parts = [{"table": "scores", "part": day, "rows": 160} for day in ("2026-11-23", "2026-11-24")]
    whole = Manifest.model_validate(manifest.model_dump() | {"parts": parts})
    found = facts(build_dictionary(whole, catalog(), ReportSettings()), "scores")
    assert found["Rows"] == "320 over all nights, 160 of them as of 2026-11-24"
    assert found["Parts"] == "parquet/scores/: one a night, by as_of_date (2 files)"


def test_lineage_is_in_words_too(view: DictionaryView):
    assert facts(view, "scores")["Made from"] == "account_days; seed score_priors"
    assert facts(view, "account_days")["Made from"] == "landing table usage_requests (through 1 model)"
    assert facts(view, "review_queue")["Made from"] == "account_days; scores (through 2 models)"
    assert facts(view, "review_queue")["Models between"] == (
        "shaped by int_review__subjects; computed by Python in computed.review_queue"
    )
    assert facts(view, "scores")["Read by"] == "review_queue; The queue"
    assert facts(view, "account_days")["Read by"] == "review_queue; scores"


def test_a_way_leads_from_each_landing_table(view: DictionaryView):
    ways = {one.table: one.ways for _, tables in view.groups for one in tables}
    assert ways["scores"] == ("usage_requests → stg_provider__usage_requests → account_days → scores",)


def test_a_release_without_a_catalog_says_so_and_guesses_nothing(empty_site: dict[str, str], manifest: Manifest):
    without = build_dictionary(manifest, None, ReportSettings())
    assert (without.sections, without.groups) == ((), ())
    page = empty_site["dictionary.html"]
    assert "published before releases held a catalog" in page
    assert page.rstrip().endswith("</html>")


def test_a_damaged_catalog_is_refused_with_what_to_do(tmp_path: Path):
    release = rich_release(tmp_path / "release")
    (release / FILE).write_text('{"tables": 1}', encoding="utf-8")
    with pytest.raises(CatalogError, match=r"catalog\.json is not the catalog of a release.*restore it"):
        write_site(release, tmp_path / "site")


def test_what_is_written_in_a_catalog_is_escaped(page: str):
    assert HOSTILE not in page
    assert "<img" not in page
    drawn = draw_neighbours(
        HOSTILE, [BoxGroup(title="<b>", boxes=(Box(name=HOSTILE),))], [], drawing_id="d", description=HOSTILE, width=720
    )
    assert "<script>" not in drawn
    assert fromstring(drawn).tag == "svg"


@pytest.mark.parametrize("width", [720, 340])
def test_every_neighbour_is_drawn_within_the_drawing(width: int):
    above = [BoxGroup(title="Landing tables", boxes=tuple(Box(name=f"in_{n}", note="2 models") for n in range(17)))]
    below = [BoxGroup(title="Readers", boxes=(Box(name="out"),))]
    root = fromstring(draw_neighbours("it", above, below, drawing_id="d", description="", width=width))
    height = float(root.attrib["height"])
    texts = {text.text: float(text.attrib["y"]) for text in root.iter("text")}
    assert {"it", "out", *(f"in_{n}" for n in range(17))} <= set(texts)
    assert 0 < min(texts.values()) < max(texts.values()) < height
    assert all(float(box.attrib["x"]) + float(box.attrib["width"]) <= width for box in root.iter("rect"))
    rows = sorted(float(box.attrib["y"]) for box in root.iter("rect") if float(box.attrib["x"]) == (0.5 if width > 560 else 22.5))
    assert all(after - before >= 27 for before, after in pairwise(rows))


def test_layers_are_drawn_in_order_with_an_arc_a_step():
    layers = [[Box(name="a"), Box(name="b")], [Box(name="c")]]
    root = fromstring(draw_layers(layers, [("a", "c"), ("b", "c")], drawing_id="d", description="", width=720))
    places = {text.text: float(text.attrib["y"]) for text in root.iter("text")}
    assert places["a"] < places["b"] < places["Layer 2"] < places["c"]
    assert len(list(root.iter("path"))) == 2


def test_tables_are_addressed_and_every_address_resolves(page: str):
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    assert {f"table-{table.name}" for table in catalog().tables} <= ids
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids
