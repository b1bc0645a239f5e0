"""The framework's seeds agree with the landing contract, the rule set and each other."""

import csv
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from orchestration.contract import landing_contract
from orchestration.scoring.checks import CHECKS
from orchestration.scoring.queue import CLAUSES
from tests.conventions.test_signals import IDS, document_of

FOLDER = Path(__file__).parents[3] / "seeds"


def _rows(name: str, folder: str = "framework") -> list[dict[str, str]]:
    with (FOLDER / folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _vocabulary(table: str, column: str) -> set[str]:
    return set(landing_contract().tables[table].column(column).vocabulary or ())


def test_every_suggested_clause_is_in_the_policy() -> None:
    suggested = {check.clause for check in CHECKS if check.clause} | set(CLAUSES.values())
    assert suggested <= {row["policy_clause_id"] for row in _rows("policy_clause_versions")}


def test_every_clause_version_has_elements_and_no_element_is_without_one() -> None:
    key = ("policy_clause_id", "clause_version")
    clauses = {tuple(row[name] for name in key) for row in _rows("policy_clause_versions")}
    assert {tuple(row[name] for name in key) for row in _rows("policy_clause_element_versions")} == clauses


def test_elements_name_families_that_exist() -> None:
    families = {row["family"] for row in _rows("signal_families", "signals")}
    named = {name for row in _rows("policy_clause_element_versions") for name in row["evidence_families"].split(",") if name}
    assert named <= families


def test_channels_and_roles_are_the_contracts() -> None:
    assert {row["channel"] for row in _rows("escalation_path_versions")} <= _vocabulary("case_escalations", "channel")
    assert {row["assessor_role"] for row in _rows("rubric_line_versions")} <= _vocabulary("case_assessments", "assessor_role")
    acted = {name for row in _rows("partner_versions") for name in row["action_types"].split(",")}
    assert acted <= _vocabulary("enforcement_actions", "action_type")


def test_every_tactic_of_a_signal_has_questions() -> None:
    asked = {row["tactic_id"] for row in _rows("review_question_versions")}
    tactics = {str(document_of(signal)["models"][0]["config"]["meta"]["signal"]["tactic"]) for signal in IDS}
    assert asked == tactics | {"any"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("policy_clause_versions", "policy_clause_id"),
        ("partner_versions", "partner"),
        ("framework_versions", ""),
    ],
)
def test_versions_follow_each_other_without_gap_or_overlap(name: str, key: str) -> None:
    of_one = defaultdict(list)
    for row in _rows(name):
        of_one[row.get(key, "")].append(row)
    for rows in of_one.values():
        for before, after in pairwise(rows):
            assert before["valid_to"] == after["valid_from"], (name, before, after)
        for row in rows:
            assert not row["valid_to"] or date.fromisoformat(row["valid_from"]) < date.fromisoformat(row["valid_to"])


def test_each_rubric_has_gates_and_carries_only_lines_of_the_one_before() -> None:
    lines: dict[str, set[str]] = defaultdict(set)
    gates: dict[str, set[str]] = defaultdict(set)
    rows = _rows("rubric_line_versions")
    for row in rows:
        lines[row["rubric_version"]].add(row["rubric_line"])
        if row["is_gate"] == "true":
            gates[row["rubric_version"]].add(row["rubric_line"])
            assert row["gate_minimum"], row
    assert {row["rubric_version"] for row in _rows("framework_versions")} == set(lines) == set(gates)
    for row in rows:
        for carried in filter(None, row["carried_from"].split(",")):
            assert carried in lines[str(int(row["rubric_version"]) - 1)], row
    assert len(lines["2"]) == 9
    assert gates["2"] == {"attribution", "data_integrity"}
