"""The runbook: a section for every failure, every section whole, every anchor there."""

import re
from pathlib import Path

from orchestration.advice import advised_sections
from orchestration.alerting.alert import SECTIONS as OF_KINDS
from orchestration.alerting.alert import Kind
from orchestration.doctor import all_checks
from orchestration.exits import NEARER
from orchestration.exits import SECTIONS as OF_EXIT_CODES
from orchestration.runbook import PAGE, Section
from orchestration.settings import Home

ROOT = Path(__file__).parents[2]
CHECKS = all_checks(Home(root=ROOT, target="spark"))
PARTS = ("You see:", "It means:", "Readers meanwhile:", "Do:", "It is over when:", "Tell:")


def _sections() -> dict[str, str]:
    """Return the text of every section by its anchor, made from the heading as GitHub makes it."""
    _, *parts = re.split(r"^### ", (ROOT / PAGE).read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = (part.split("\n", 1) for part in parts)
    return {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-"): text for head, text in named}


def test_every_section_that_is_named_is_there_and_every_section_is_named() -> None:
    assert set(_sections()) == set(Section)


def test_every_section_says_all_of_it() -> None:
    lacking = {anchor: [part for part in PARTS if f"- **{part}**" not in text] for anchor, text in _sections().items()}
    assert {anchor: parts for anchor, parts in lacking.items() if parts} == {}


def test_every_alert_advice_check_and_exit_code_has_a_section() -> None:
    assert set(OF_KINDS) == set(Kind)
    assert set(OF_EXIT_CODES) == {1, 2, 3}
    used = {
        *OF_KINDS.values(),
        *OF_EXIT_CODES.values(),
        *NEARER.values(),
        *advised_sections(),
        *(section for _, section, _ in CHECKS),
    }
    assert used <= set(Section)


def test_every_alert_and_check_is_seen_in_its_section() -> None:
    """What an operator sees is told where its message sends them."""
    sections = _sections()
    assert [kind for kind, section in OF_KINDS.items() if f"`{kind}`" not in sections[section]] == []
    assert [name for name, section, _ in CHECKS if f"doctor `{name}`" not in sections[section].replace("\n", " ")] == []
    assert [code for code, section in OF_EXIT_CODES.items() if f"exit code {code}" not in sections[section]] == []
