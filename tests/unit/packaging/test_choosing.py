"""Which releases a package stands on."""

import shutil
from pathlib import Path

import pytest

from orchestration.packaging.choosing import choose
from orchestration.packaging.errors import PackageError

from .conftest import changed
from .releases import CASE, EVIDENCE, RECORD, write_home


def test_the_evidence_is_the_release_the_verdict_names(tmp_path: Path) -> None:
    chosen = choose(write_home(tmp_path, *changed(None)), CASE)
    assert (chosen.evidence.release_id, chosen.record.release_id) == (EVIDENCE, RECORD)
    assert "rev_1" in chosen.evidence.chosen_because


def test_without_a_verdict_the_action_names_it(tmp_path: Path) -> None:
    chosen = choose(write_home(tmp_path, *changed(lambda _, record: record["reviews"].clear())), CASE)
    assert chosen.evidence.release_id == EVIDENCE
    assert "act_1" in chosen.evidence.chosen_because


def test_without_either_the_record_stands_and_it_is_said(tmp_path: Path) -> None:
    published = write_home(tmp_path, *changed(lambda _, record: (record["reviews"].clear(), record["actions"].clear())))
    chosen = choose(published, CASE)
    assert chosen.evidence.release_id == RECORD
    assert "no verdict and no action" in chosen.evidence.chosen_because


def test_a_release_may_be_named(tmp_path: Path) -> None:
    chosen = choose(write_home(tmp_path, *changed(None)), CASE, release=RECORD)
    assert (chosen.evidence.release_id, chosen.evidence.chosen_because) == (RECORD, "it was asked for with --release")


def test_what_is_not_kept_is_refused_by_name(tmp_path: Path) -> None:
    published = write_home(tmp_path, *changed(None))
    shutil.rmtree(published / EVIDENCE)
    with pytest.raises(PackageError, match=rf"{EVIDENCE} is not kept .*kept are {RECORD}"):
        choose(published, CASE)
    with pytest.raises(PackageError, match="is not kept"):
        choose(published, CASE, release="../published")


def test_a_record_before_the_evidence_is_refused(tmp_path: Path) -> None:
    published = write_home(tmp_path, *changed(None))
    shutil.copy(published / RECORD / "marts.duckdb", published / EVIDENCE / "marts.duckdb")
    with pytest.raises(PackageError, match="older than the evidence"):
        choose(published, CASE, release=RECORD, record=EVIDENCE)


def test_an_unknown_case_says_where_cases_are_listed(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="case_9 is no case"):
        choose(write_home(tmp_path, *changed(None)), "case_9")
