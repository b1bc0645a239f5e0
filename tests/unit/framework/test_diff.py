"""A replay under another version lists what would change in a case, and nothing where nothing would."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.framework.diff import FrameworkError, framework_diff

COLUMNS = (
    "case_id", "framework_version", "is_own_version", "policy_clause_id", "clause_version", "element_ids",
    "unshown_element_ids", "strength_grade", "best_grade", "ungraded_gates", "required_channels", "used_channels",
)  # fmt: skip
SAME = {
    "policy_clause_id": "k", "clause_version": 1, "element_ids": "collection,scale", "unshown_element_ids": "scale",
    "strength_grade": "B", "best_grade": "B", "required_channels": "legal",
}  # fmt: skip


def _release(folder: Path, *cases: tuple[str, dict[str, Any]]) -> Path:
    """Write a release whose cases are judged by version 1; what differs under version 2 is given."""
    rows = [
        SAME | {"case_id": case, "framework_version": 1, "is_own_version": True, "used_channels": other.get("used_channels")}
        for case, other in cases
    ]
    rows += [SAME | {"case_id": case, "framework_version": 2, "is_own_version": False} | other for case, other in cases]
    with duckdb.connect(str(folder / "marts.duckdb")) as marts:
        marts.execute("create table framework_calendar as select unnest([1, 2]) as framework_version")
        types = {"framework_version": "integer", "is_own_version": "boolean", "clause_version": "integer"}
        columns = ", ".join(f"{name} {types.get(name, 'varchar')}" for name in COLUMNS)
        marts.execute(f"create table framework_replays ({columns})")
        for row in rows:
            marts.execute(
                f"insert into framework_replays values ({', '.join('?' * len(COLUMNS))})", [row.get(name) for name in COLUMNS]
            )
    return folder


@pytest.mark.parametrize(
    ("other", "kinds", "words"),
    [
        ({"clause_version": 2}, ("clause",), "clause k: version 1 -> 2"),
        ({"clause_version": None}, ("clause",), "clause k does not hold"),
        ({"unshown_element_ids": "collection,scale"}, ("elements",), "not shown by any signal: collection"),
        ({"element_ids": "scale"}, ("elements",), "no longer asked: collection"),
        ({"element_ids": "collection,purpose,scale"}, ("elements",), "asked and shown, or for a person to show: purpose"),
        ({"strength_grade": "C", "best_grade": "C"}, ("grade",), "strength B -> C"),
        (
            {"strength_grade": None, "best_grade": "B", "ungraded_gates": "attribution,data_integrity"},
            ("grade",),
            "strength B -> ungraded, at best B; gates to assess: attribution, data_integrity",
        ),
        ({"required_channels": "legal,policy"}, ("channels",), "required: policy"),
        ({"required_channels": "legal,policy", "used_channels": "policy"}, ("channels",), "required: policy (was used)"),
        ({"required_channels": None}, ("channels",), "no longer required: legal"),
    ],
)
def test_a_change_is_named_and_an_unchanged_case_is_quiet(
    tmp_path: Path, other: dict[str, Any], kinds: tuple[str, ...], words: str
) -> None:
    found = framework_diff(_release(tmp_path, ("changed", other), ("same", {})), 2)
    (case,) = found.cases
    assert (case.case_id, case.own_version, case.kinds) == ("changed", 1, kinds)
    assert words in case.changes
    assert found.case_count == 2
    assert found.counts == {kind: int(kind in kinds) for kind in ("clause", "elements", "grade", "channels")} | {"nothing": 1}


def test_the_version_cases_were_judged_by_changes_nothing(tmp_path: Path) -> None:
    found = framework_diff(_release(tmp_path, ("b", {"clause_version": 2}), ("a", {})), 1)
    assert (found.cases, found.counts["nothing"]) == ((), 2)


def test_an_unknown_version_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(FrameworkError, match="the framework has no version 3; it has 1, 2"):
        framework_diff(_release(tmp_path), 3)
