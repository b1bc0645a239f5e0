"""Every signal is a whole pair: words, numbers, a firing case and a look-alike that stays quiet by a single fact.

Reads files only. The cases are weighed with the seed's numbers, so that a threshold moved past a case fails here.
"""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "models/marts/signals"
IDS = sorted(path.stem for path in FOLDER.glob("*/sig_*.sql"))

STATUSES = {"active", "shadow", "retired"}
UNITS = {"share", "count", "ratio", "days", "nats", "flag"}
with (ROOT / "seeds/signals/lookalike_settings.csv").open(encoding="utf-8", newline="") as _stream:
    LOOKALIKES = {row["lookalike_id"] for row in csv.DictReader(_stream)}
WORDS = {
    "id",
    "tactic",
    "family",
    "status",
    "subject_type",
    "title",
    "sentence",
    "unit",
    "hypothesis",
    "misses",
    "lookalikes",
    "reference",
    "reviewer_should_look_at",
    "owner",
}
COLUMNS = {
    "as_of_date": "date",
    "subject_type": "varchar",
    "subject_id": "varchar",
    "value": "double",
    "baseline": "double",
    "excess": "double",
    "support": "double",
}
READABLE = {
    "account_features",
    "int_actors__features",
    "int_signals__peer_baselines",
    "account_links",
}
SETTING_COLUMNS = (
    "signal_id,version,family,status,hypothesis_sign,minimum_support,threshold,weight,cap,resale_weight,entered_on,reason"
)
HARSH_WORDS = re.compile(r"guilty|attack|bad actor|criminal|thief|cheat", re.IGNORECASE)

Row = dict[str, Any]


def seed(name: str) -> list[dict[str, str]]:
    with (ROOT / f"seeds/signals/{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


SETTINGS = {row["signal_id"]: row for row in seed("signal_settings")}
FAMILIES = {row["family"]: row for row in seed("signal_families")}
TACTICS = {row["tactic_id"]: row for row in seed("tactics")}


def path_of(signal_id: str) -> Path:
    return next(FOLDER.glob(f"*/{signal_id}.sql"))


def document_of(signal_id: str) -> dict[str, Any]:
    return yaml.load(path_of(signal_id).with_suffix(".yml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def model_of(signal_id: str) -> dict[str, Any]:
    (model,) = document_of(signal_id)["models"]
    return model


def words_of(signal_id: str) -> dict[str, Any]:
    return model_of(signal_id)["config"]["meta"]["signal"]


def case_of(signal_id: str, kind: str) -> dict[str, Any]:
    (case,) = (t for t in document_of(signal_id)["unit_tests"] if t["name"] == f"{signal_id}_{kind}")
    return case


def facts_of(given: list[Row]) -> dict[tuple[str, int, str], Any]:
    """Every cell of a case's inputs, by input, row number and column."""
    return {
        (entry["input"], number, column): value
        for entry in given
        for number, row in enumerate(entry["rows"])
        for column, value in row.items()
    }


def differing_facts(fires: list[Row], quiet: list[Row]) -> int:
    """How many facts two cases differ by; an input that is empty in one of them, a bare relation, is a single fact."""
    one, other = facts_of(fires), facts_of(quiet)
    cells = {cell for cell in one.keys() | other.keys() if one.get(cell, "absent") != other.get(cell, "absent")}
    filled = ({cell[0] for cell in one}, {cell[0] for cell in other})
    emptied = {cell[0] for cell in cells if (cell[0] in filled[0]) != (cell[0] in filled[1])}
    return len(emptied) + sum(cell[0] not in emptied for cell in cells)


def weighs(row: Row, settings: dict[str, str]) -> bool:
    """Whether a signal's row yields evidence, distillation's or resale's, with the seed's numbers."""
    value, excess, support = row["value"], row["excess"], row["support"]
    if value is None or excess is None or support is None or support < float(settings["minimum_support"]):
        return False
    weight = max(float(settings["weight"]), float(settings["resale_weight"]))
    return weight * (excess - float(settings["threshold"])) > 0


def test_there_are_signals_and_every_file_has_its_twin() -> None:
    assert IDS
    assert sorted(path.stem for path in FOLDER.glob("*/*.yml")) == IDS
    assert sorted(path.stem for path in FOLDER.glob("*/*.sql")) == IDS


def test_the_seeds_hold_one_row_for_each_signal_and_family() -> None:
    rows = seed("signal_settings")
    assert ",".join(rows[0]) == SETTING_COLUMNS
    assert [row["signal_id"] for row in rows] == IDS
    assert {row["family"] for row in rows} == set(FAMILIES)


def test_no_sentence_or_title_is_shared() -> None:
    for key in ("sentence", "title", "hypothesis"):
        shared = [text for text, count in Counter(words_of(i)[key] for i in IDS).items() if count > 1]
        assert not shared, f"{key} shared by two signals: {shared}"


def test_every_family_has_an_active_signal() -> None:
    assert {row["family"] for row in SETTINGS.values() if row["status"] == "active"} == set(FAMILIES)


def test_the_registry_of_tactics_is_sourced_and_in_order() -> None:
    assert list(TACTICS) == sorted(TACTICS)
    assert {row["family"] for row in TACTICS.values()} <= set(FAMILIES)
    assert all(len(row["source"]) >= 20 or "catalogue" in row["source"] for row in TACTICS.values())


@pytest.mark.parametrize("tactic_id", TACTICS)
def test_a_tactic_is_entered_before_its_signals_and_covered_from_the_first_active_one(tactic_id: str) -> None:
    tactic = TACTICS[tactic_id]
    signals = [SETTINGS[signal_id] for signal_id in IDS if words_of(signal_id)["tactic"] == tactic_id]
    active = [row["entered_on"] for row in signals if row["status"] == "active"]
    assert all(tactic["entered_on"] <= row["entered_on"] for row in signals)
    assert bool(active) <= bool(tactic["first_covered_on"])
    assert all(tactic["entered_on"] <= tactic["first_covered_on"] <= day for day in active)
    if not signals:
        assert not tactic["first_covered_on"]


@pytest.mark.parametrize("signal_id", IDS)
class TestSignal:
    def test_the_name_is_the_address(self, signal_id: str) -> None:
        family = path_of(signal_id).parent.name
        assert signal_id.startswith(f"sig_{family}_")
        assert model_of(signal_id)["name"] == words_of(signal_id)["id"] == signal_id
        assert words_of(signal_id)["family"] == SETTINGS[signal_id]["family"] == family

    def test_words_are_complete_and_from_the_vocabularies(self, signal_id: str) -> None:
        words = words_of(signal_id)
        assert set(words) == WORDS
        assert all(words.values())
        assert words["tactic"] in TACTICS
        assert words["status"] == SETTINGS[signal_id]["status"]
        assert words["status"] in STATUSES
        assert words["subject_type"] in {"account", "actor"}
        assert words["unit"] in UNITS
        assert words["lookalikes"]
        assert set(words["lookalikes"]) <= LOOKALIKES

    def test_the_sentence_is_plain_and_fits_what_is_computed(self, signal_id: str) -> None:
        words = words_of(signal_id)
        has_baseline = bool(re.search(r"against_peers|peer_baselines", path_of(signal_id).read_text(encoding="utf-8")))
        assert ("{baseline}" in words["sentence"]) == has_baseline
        assert ("{value}" in words["sentence"]) == (words["unit"] != "flag")
        assert not HARSH_WORDS.search(words["sentence"] + words["title"])

    def test_the_model_states_its_grain_and_columns(self, signal_id: str) -> None:
        model, subject = model_of(signal_id), words_of(signal_id)["subject_type"]
        assert model["description"].startswith(f"One row per {subject} and as-of date. ")
        assert {column["name"]: column["data_type"] for column in model["columns"]} == COLUMNS
        assert [column["name"] for column in model["columns"]] == list(COLUMNS)
        assert any("unique" in test for test in model["data_tests"])

    def test_the_sql_is_a_view_over_features_only(self, signal_id: str) -> None:
        sql = path_of(signal_id).read_text(encoding="utf-8")
        assert sql.startswith("{{ config(materialized='view') }}\n")
        assert set(re.findall(r"ref\('(\w+)'\)", sql)) <= READABLE
        assert not re.search(r"source\(|this\.name|model\.name|model\.config", sql)

    def test_the_numbers_are_bounded_and_explained(self, signal_id: str) -> None:
        row = SETTINGS[signal_id]
        assert int(row["version"]) >= 1
        assert row["hypothesis_sign"] == ("-1" if row["family"] == "mitigating" else "1")
        assert 0 < float(row["cap"]) <= 3
        assert min(float(row["weight"]), float(row["resale_weight"]), float(row["threshold"])) >= 0
        assert max(float(row["weight"]), float(row["resale_weight"])) > 0
        assert float(row["minimum_support"]) >= 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["entered_on"])
        assert len(row["reason"]) >= 20

    def test_it_fires_and_its_lookalike_stays_quiet_by_a_single_fact(self, signal_id: str) -> None:
        fires, quiet = case_of(signal_id, "fires"), case_of(signal_id, "quiet")
        settings = SETTINGS[signal_id]
        assert fires["model"] == quiet["model"] == signal_id
        assert fires["expect"]["rows"]
        assert all(weighs(row, settings) for row in fires["expect"]["rows"])
        assert quiet["expect"]["rows"]
        assert not any(weighs(row, settings) for row in quiet["expect"]["rows"])
        assert differing_facts(fires["given"], quiet["given"]) == 1


def test_two_changed_cells_are_two_facts_and_an_emptied_input_is_one() -> None:
    row = {"a": 1, "b": 2}
    links = [{"x": 1}, {"x": 2}]
    assert differing_facts([{"input": "f", "rows": [row]}], [{"input": "f", "rows": [row | {"a": 3}]}]) == 1
    assert differing_facts([{"input": "f", "rows": [row]}], [{"input": "f", "rows": [{"a": 3, "b": 4}]}]) == 2
    assert differing_facts([{"input": "f", "rows": []}], [{"input": "f", "rows": links}]) == 1
    assert differing_facts([{"input": "f", "rows": [row]}], [{"input": "f", "rows": [row]}]) == 0


def test_what_is_uncomputable_unsupported_or_under_the_threshold_does_not_weigh() -> None:
    settings = {"minimum_support": "10", "threshold": "3", "weight": "0.5", "resale_weight": "0"}
    row: Row = {"value": 0.9, "excess": 5.0, "support": 20}
    assert weighs(row, settings)
    assert not weighs(row | {"value": None}, settings)
    assert not weighs(row | {"support": 9}, settings)
    assert not weighs(row | {"excess": 3.0}, settings)
