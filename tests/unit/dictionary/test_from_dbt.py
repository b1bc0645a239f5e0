"""The catalog of the project itself: whole, true to the gates, and with a way from every landing table it names."""

from functools import cache
from pathlib import Path

import pytest

from orchestration.catalogue.mart_columns import mart_columns
from orchestration.contract import landing_contract
from orchestration.dictionary import keeping
from orchestration.dictionary.catalog import Catalog, TableEntry
from orchestration.dictionary.lineage import Lineage
from orchestration.night.stages import COMPUTED_FROM
from orchestration.publishing.parts import is_internal
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.warehouse import transform
from orchestration.warehouse.parsed import keep_catalog

HOME = Home(root=PROJECT_ROOT / "var" / "conventions")


@cache
def text() -> str:
    return keeping.catalog_of_project(HOME)


@cache
def lineage() -> Lineage:
    return Lineage(Catalog.model_validate_json(text()))


def tables() -> dict[str, TableEntry]:
    return {table.name: table for table in lineage().catalog.tables}


def test_it_holds_every_published_table_with_its_columns() -> None:
    assert set(tables()) == set(transform.published_tables(transform.parse_project(HOME)))
    for name, table in tables().items():
        expected = [(column.name, column.data_type) for column in mart_columns(name) if not is_internal(column.name)]
        assert [(column.name, column.type) for column in table.columns] == expected, name
        assert table.grain.startswith("One row per"), name
        assert all(column.meaning and column.privacy_class for column in table.columns), name


def test_rules_are_those_of_the_gate_and_of_dbt() -> None:
    columns = {column.name: column for column in tables()["account_days"].columns}
    assert columns["surface"].rules == ("never NULL", "one of api, chat, coding_agent, partner_cloud")
    assert columns["request_count"].rules == ("never NULL", "at least 0")
    lookalike = next(column for column in tables()["lookalikes"].columns if column.name == "lookalike_id")
    assert "unique" in lookalike.rules
    assert tables()["scores"].key == ("as_of_date", "subject_type", "subject_id")
    assert "a score is the logistic of its log-odds" in tables()["scores"].checks


def test_parts_are_as_publishing_cuts_them() -> None:
    assert {name: tables()[name].parts for name in ("scores", "account_days", "accounts")} == {
        "scores": "night",
        "account_days": "month",
        "accounts": "whole",
    }


def test_every_table_has_a_reader_and_stands_on_landing_tables_or_seeds() -> None:
    contract = set(landing_contract().tables)
    for name in tables():
        assert [reader for reader in lineage().catalog.readers if name in reader.tables], name
        landing = {way[0].removeprefix("landing.") for way in lineage().ways_from_landing(name)}
        assert landing <= contract, name
        assert landing or all(one.origin.kind in ("seed", "mart") for one in lineage().inputs(name)), name


def test_what_python_computes_is_passed_through() -> None:
    """Else actors, the queue and the metrics would come from nowhere."""
    computed = {source.name for source in transform.parse_project(HOME).sources.values() if source.source_name == "computed"}
    assert set(COMPUTED_FROM) == computed
    for name in ("actor_members", "review_queue", "enforcement_metrics", "recommendations"):
        assert "landing.usage_requests" in {way[0] for way in lineage().ways_from_landing(name)}, name


def test_it_names_nothing_of_this_machine() -> None:
    assert str(PROJECT_ROOT) not in text()
    assert len(text()) < 400_000


def test_it_is_kept_and_what_is_torn_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "parsed_folder", lambda _home: tmp_path)
    assert keeping.catalog_of_project(HOME) == text()
    [kept] = tmp_path.iterdir()
    keep_catalog(text()[:-100], tmp_path, kept.stem.removeprefix("catalog-"))
    assert keeping.catalog_of_project(HOME) == text()
    monkeypatch.setattr(keeping, "parse_project", lambda _home: pytest.fail("parsed though it was kept"))
    assert keeping.catalog_of_project(HOME) == text()
