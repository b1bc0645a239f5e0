"""The catalog as text, and the walk through it."""

from pathlib import Path

import pytest

from orchestration.dictionary.catalog import FILE, Catalog, CatalogError, Origin, catalog_text, is_catalog, read_catalog
from orchestration.dictionary.lineage import Lineage
from orchestration.dictionary.units import unit_of
from tests.unit.reporting.release_fixture import HOSTILE, catalog


def test_a_catalog_is_read_as_it_was_written(tmp_path: Path) -> None:
    text = catalog_text(catalog())
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert read_catalog(tmp_path) == catalog()
    assert catalog_text(catalog()) == text
    assert is_catalog(text)
    assert not is_catalog(text[:-9])
    assert HOSTILE not in text, "quotes are escaped"


def test_a_release_without_one_has_none_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    assert read_catalog(tmp_path) is None
    (tmp_path / FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(CatalogError, match="restore it, or publish the release again"):
        read_catalog(tmp_path)


def test_inputs_stop_at_what_is_published_or_delivered() -> None:
    lineage = Lineage(catalog())
    assert [(one.origin.name, one.model_count) for one in lineage.inputs("review_queue")] == [("account_days", 0), ("scores", 2)]
    assert [one.name for one in lineage.between("review_queue")] == ["int_review__subjects", "computed.review_queue"]
    assert lineage.readers("account_days") == ("review_queue", "scores")


def test_the_way_from_a_landing_table_is_the_shortest() -> None:
    assert Lineage(catalog()).ways_from_landing("review_queue") == (
        ("landing.usage_requests", "stg_provider__usage_requests", "account_days", "review_queue"),
    )


def test_a_table_stands_below_all_it_reads_and_close_before_its_readers() -> None:
    """`late` reads nothing and is read by the last alone; an edge that others join already is no step."""

    def mart(name: str, *made_from: str) -> Origin:
        return Origin(name=name, kind="mart", group="g", made_from=made_from)

    origins = (mart("a"), mart("b", "a"), mart("c", "a", "b", "late"), mart("late"), mart("alone"))
    table = catalog().tables[0]
    tables = tuple(table.model_copy(update={"name": origin.name}) for origin in origins)
    lineage = Lineage(Catalog(tables=tables, origins=origins))
    assert lineage.layers() == (("a", "alone"), ("b", "late"), ("c",))
    assert set(lineage.steps()) == {("a", "b"), ("b", "c"), ("late", "c")}


@pytest.mark.parametrize(
    ("column", "data_type", "unit"),
    [
        ("shared_template_share_28d", "double", "0 to 1, over 28 days"),
        ("request_count", "bigint", "count"),
        ("hours_filed_to_decided", "double", "hours"),
        ("effect_before_n", "bigint", "count"),
        ("log_odds", "decimal(9,4)", "log-odds"),
        ("output_tokens_1d", "bigint", "tokens, over 1 day"),
        ("decided_at", "timestamp", "UTC"),
        ("as_of_date", "date", "UTC day"),
        ("is_overturned", "boolean", "yes or no"),
        ("evidence", "varchar", ""),
        ("lead_id", "varchar", ""),
        ("hour_evenness_28d", "double", "over 28 days"),
        ("rank", "bigint", ""),
    ],
)
def test_units_are_those_the_names_promise(column: str, data_type: str, unit: str) -> None:
    assert unit_of(column, data_type) == unit
