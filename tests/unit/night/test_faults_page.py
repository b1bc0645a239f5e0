"""The check of the page of faults: it fails where a fault is missing or was not survived."""

from tests.faults.page import PAGE, differences


def test_the_page_in_the_repository_is_whole() -> None:
    assert differences(PAGE.read_text(encoding="utf-8")) == []


def test_a_missing_row_and_a_fault_not_survived_are_named() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    row = next(number for number, line in enumerate(lines) if line.startswith("| the disk is full |"))
    assert any("the disk is full" in found for found in differences("\n".join(lines[:row] + lines[row + 1 :])))
    lines[row] = lines[row].removesuffix("| yes |") + "| no: lost |"
    assert any(found.startswith("not survived: | the disk is full") for found in differences("\n".join(lines)))


def test_no_page_is_no_proof() -> None:
    assert any("kills" in found for found in differences(""))
