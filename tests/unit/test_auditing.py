"""The audit: clean, vulnerable and not made are three things."""

import json
from collections.abc import Sequence
from pathlib import Path

from orchestration.auditing import CLEAN, NO_SOURCE, VULNERABLE, audit

SKIPPED = {"name": "b", "skip_reason": "Dependency not found on PyPI and could not be audited: b (2)"}
SOUND = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "c", "version": "3", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1"], "aliases": [], "description": "d"}]}


def _answering(*answers: object) -> "tuple[list[Sequence[str]], object]":
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> str:
        asked.append(command)
        answer = answers[len(asked) - 1]
        return "" if answer is None else json.dumps({"dependencies": answer, "fixes": []})

    return asked, run


def _audit(*answers: object) -> tuple[int, str, int]:
    asked, run = _answering(*answers)
    code, words = audit(Path("requirements.txt"), run)  # pyright: ignore[reportArgumentType]
    return code, words, len(asked)


def test_a_source_that_knows_no_package_and_one_that_cannot_be_reached_are_no_audit() -> None:
    code, words, asked = _audit([SKIPPED], None)
    assert (code, asked) == (NO_SOURCE, 2)
    assert words.startswith("NOT AUDITED")


def test_the_second_source_is_asked_where_the_first_is_silent() -> None:
    code, words, asked = _audit(None, [SOUND])
    assert (code, asked) == (CLEAN, 2)
    assert "1 packages audited by osv: 0 known" in words


def test_a_vulnerability_is_named_with_its_remedy_and_what_was_skipped_is_told() -> None:
    code, words, asked = _audit([SOUND, BAD, SKIPPED], None)
    assert (code, asked) == (VULNERABLE, 1)
    assert "c 3: PYSEC-1, mended in 3.1" in words
    assert "b: not audited" in words
    assert "1 not audited." in words


def test_the_three_outcomes_have_their_own_exit_codes() -> None:
    assert len({CLEAN, VULNERABLE, NO_SOURCE}) == 3
