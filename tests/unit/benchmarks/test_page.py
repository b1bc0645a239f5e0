"""A benchmark writes its own section of the page and leaves the others."""

from pathlib import Path

import pytest

from tests.benchmarks import page


def test_each_section_is_written_in_its_place_and_the_others_stay(tmp_path: Path) -> None:
    """Whichever runs first, the order is the page's; a section written again replaces itself."""
    written = tmp_path / "benchmarks.md"
    page.put("readers", ["waits"], written)
    page.put("nights", ["one", "", *page.table(("a", "b"), [("1", "2")])], written)
    page.put("readers", ["waits less"], written)
    text = written.read_text(encoding="utf-8")
    assert text.startswith("# Benchmarks\n")
    assert text.endswith(
        "## Whole nights\n\none\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n## What a reader waits\n\nwaits less\n"
    )


def test_a_target_holds_or_not_or_cannot_be_told() -> None:
    """The most it may be holds still."""
    asked = [("a", 1.5, 1.5), ("b", 1.51, 1.5), ("c", -0.2, 1.5)]
    assert [line.rsplit("| ", 1)[1] for line in page.targets(asked)[2:]] == ["yes |", "**no** |", "cannot be told |"]


def test_a_section_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    """A section nobody gave a place has a wrong name."""
    with pytest.raises(KeyError):
        page.put("guesses", ["one"], tmp_path / "benchmarks.md")


def test_what_was_measured_once_is_no_median() -> None:
    """A reader takes a median for more than one run."""
    assert ": one run of each, on " in page.provenance("night", 1)
    assert "median" not in page.provenance("night", 1)
    assert ": medians of 3 turns, one of each after the other, on " in page.provenance("night", 3)
