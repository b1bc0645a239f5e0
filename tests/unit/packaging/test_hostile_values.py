"""Values that look like code go through a package as what they are: text."""

from pathlib import Path
from typing import Any

import pytest

from orchestration.packaging.building import build, folder_name
from orchestration.packaging.choosing import choose
from orchestration.packaging.verifying import verify

from .conftest import answered, changed
from .releases import CASE, Rows, write_home

SCRIPT = "<script>alert('zqx')</script>"
IMAGE = "\"><img src=x onerror=alert('zqx')>"
SQL = "'; drop table accounts; --zqx"


def _renamed(rows: Rows, case_id: str) -> Rows:
    def row(one: dict[str, Any]) -> dict[str, Any]:
        return {name: case_id if value == CASE else value for name, value in one.items()}

    return {table: [row(one) for one in listed] for table, listed in rows.items()}


def _hostile(evidence: Rows, record: Rows) -> None:
    for rows in (evidence, record):
        for account, value in zip(rows.get("accounts", []), (SCRIPT, IMAGE, SQL), strict=False):
            account |= {"tier": value, "terms_version": value}
        for match in rows.get("intelligence_matches", []):
            match |= {"campaign": SCRIPT, "source": IMAGE}
        for done in rows.get("actions", []):
            done |= {"scope": SQL, "reversal_ground": SCRIPT}
        for referral in rows.get("referrals", []):
            referral |= {"partner": IMAGE}


def test_no_value_becomes_markup_and_every_one_is_frozen_as_it_was(tmp_path: Path) -> None:
    chosen = choose(write_home(tmp_path / "home", *changed(_hostile)), CASE)
    packages = tmp_path / "home" / "packages"
    built = build(chosen, packages, answered(chosen, packages, tmp_path / "answers.yml", answered_by=SCRIPT), "a colleague")
    page = (built.folder / "content" / "finding.html").read_text(encoding="utf-8")
    assert "zqx" in page
    assert "<script" not in page
    assert "<img" not in page
    assert verify(built.folder).holds
    rows = b"".join(path.read_bytes() for path in (built.folder / "content" / "rows").glob("*.csv"))
    assert b"drop table accounts" in rows


@pytest.mark.parametrize("case_id", ["/tmp/zqx", "a/b/../c", ".building-1", ".", "..", "a%2Fb", "case:1"])
def test_a_case_has_one_folder_inside_the_packages(case_id: str, tmp_path: Path) -> None:
    folder = (tmp_path / folder_name(case_id)).resolve()
    assert folder.parent == tmp_path.resolve()
    assert not folder.name.startswith(".")


def test_folders_of_two_cases_are_two() -> None:
    assert len({folder_name(case_id) for case_id in ("a/b", "a%2Fb", "a", "%2Ea", ".a")}) == 5
    assert folder_name("case_1-2.b") == "case_1-2.b"


def test_a_case_id_with_slashes_builds_inside_the_packages(tmp_path: Path) -> None:
    case_id = str(tmp_path / "outside" / "case")
    evidence, record = changed(None)
    chosen = choose(write_home(tmp_path / "home", _renamed(evidence, case_id), _renamed(record, case_id)), case_id)
    packages = tmp_path / "home" / "packages"
    built = build(chosen, packages, answered(chosen, packages, tmp_path / "answers.yml"), "a colleague")
    assert built.folder.is_relative_to(packages)
    assert not (tmp_path / "outside").exists()
    assert verify(built.folder).holds
