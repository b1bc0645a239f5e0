"""The command line that benchmarks share: how often they measure, where they work and what page they write.

Belongs here: the options of every benchmark. What only one of them asks it adds to the parser itself.
"""

import argparse
import shutil
from pathlib import Path

from orchestration.settings import PROJECT_ROOT

from . import page


def parser_of(name: str, turns: int | None, out: Path = page.PAGE) -> argparse.ArgumentParser:
    """Return the parser of `python -m tests.benchmarks.<name>`; without `turns`, of a benchmark that measures once."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.benchmarks.{name}")
    if turns is not None:
        parser.add_argument("--turns", type=int, default=turns, help="how often each is measured, one after the other")
    parser.add_argument("--out", type=Path, default=out, help="the page that is written")
    parser.add_argument("--folder", type=Path, default=PROJECT_ROOT / "var" / f"bench-{name}", help="emptied, and worked in")
    return parser


def emptied(folder: Path) -> Path:
    """Return a folder that is there and holds nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
