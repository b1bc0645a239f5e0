"""docs/benchmarks.md by sections: each benchmark writes its own, so that one can be run again without the others.

Belongs here: which sections there are, in what order, and what every one of them says of the machine and the command.
"""

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from orchestration.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`, a section by each of its commands. Traffic is made by `tests/benchmarks/traffic.py`: simulated, and
nothing in it is planted to be found. Seconds are of one machine on one day; ratios are what to compare.
"""
SECTIONS = {
    "nights": "Whole nights",
    "large": "Large days",
    "huge": "A day beyond memory",
    "floor": "Against a hand-written script",
    "peers": "Other engines on the same features",
    "links": "Links and actors by number of accounts",
    "estimators": "Estimators and report by number of cases",
    "readers": "What a reader waits",
    "spark": "Nights on Spark",
}


def provenance(command: str, turns: int) -> str:
    """Return the sentence that begins a section: the command, the day, the turns and the machine."""
    machine = f"{os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()})"
    measured = "one run of each" if turns == 1 else f"medians of {turns} turns, one of each after the other"
    return f"`{command}` on {date.today()}: {measured}, on {machine}."


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def verdict(found: float, most: float) -> str:
    """Say whether a target holds; what is left below 0 after a fixed cost was taken off tells nothing."""
    if found < 0:
        return "cannot be told"
    return "yes" if found <= most else "**no**"


def targets(asked: Sequence[tuple[str, float, float]]) -> list[str]:
    """Return the table of what was asked: words, what was found, and the most it may be."""
    rows = [
        (what, f"{found:.2f}", f"{most:.3g}" if most < 1000 else f"{most:,.0f}", verdict(found, most))
        for what, found, most in asked
    ]
    return table(("asked", "found", "at most", "holds"), rows)


def put(name: str, lines: Sequence[str], page: Path = PAGE) -> None:
    """Write a section's lines in its place in the page; the others stay. KeyError for a section that is not listed."""
    kept = _sections(page.read_text(encoding="utf-8") if page.exists() else "")
    kept[SECTIONS[name]] = "\n".join(lines).strip("\n")
    parts = [f"## {title}\n\n{kept[title]}\n" for title in SECTIONS.values() if title in kept]
    page.write_text("\n".join([HEAD, *parts]), encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """Return the lines of each section of a page by its title."""
    titled = [part.partition("\n") for part in f"\n{text}".split("\n## ")[1:]]
    return {title: body.strip("\n") for title, _, body in titled}
