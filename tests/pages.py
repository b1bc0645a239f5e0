"""The fenced blocks of README.md and docs/: what each is tagged, and running a page's commands as a reader would.

A page's blocks of commands are one session of bash, so that a variable set in one is there in the next. A block of text right
below a block of commands is what that block prints.
"""

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import PROJECT_ROOT

COMMANDS = ("bash", "python")
TAGS = {*COMMANDS, "csv", "crontab", "ini", "json", "sql", "text", "yaml"}
"""`text`: output, a formula or a tree; `csv`: rows of a seed; `crontab`, `ini`: what a scheduler is given; `json`: an example."""
_FENCE = re.compile(r"^(?P<indent> *)```(?P<tag>\S*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: its page, the line it opens on, its tag, and its text without the indent of the fence.

    `answers` is the line of the block of commands that it directly follows, as output does; None where it follows none.
    """

    page: str
    line: int
    tag: str
    text: str
    answers: int | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """Return README.md and every page under docs/, from the root of the project."""
    found = sorted(path.relative_to(PROJECT_ROOT).as_posix() for path in (PROJECT_ROOT / "docs").rglob("*.md"))
    return ["README.md", *found]


def blocks_of(page: str) -> list[Block]:
    """Return a page's fenced blocks in their order."""
    return list(_blocks(page, (PROJECT_ROOT / page).read_text(encoding="utf-8")))


def _blocks(page: str, text: str) -> Iterator[Block]:
    ended, commands = 0, None
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        is_next = not text[ended : found.start()].strip()
        answers = commands if is_next and found["tag"] == "text" else None
        yield Block(page, line, found["tag"], textwrap.dedent(found["text"]), answers)
        ended, commands = found.end(), line if found["tag"] in COMMANDS else None


def commands_of(page: str) -> list[Block]:
    """Return a page's blocks of commands in their order."""
    return [block for block in blocks_of(page) if block.tag in COMMANDS]


@dataclass(frozen=True)
class Session:
    """What blocks of commands said: what each printed, by its line, and standard error of them all."""

    printed: Mapping[int, str]
    errors: str


def run(blocks: list[Block], folder: Path, environment: Mapping[str, str], before: str = "") -> Session:
    """Run blocks of commands as one session in a folder; AssertionError, with what was said, at the first that fails.

    `before` is bash that the session begins with.
    """
    script = before + "".join(f"echo '=== {block.line}'\n{_as_bash(block)}\n" for block in blocks)
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', os.environ['PATH'])}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        # the project these tests are of, wherever the command was installed from
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)} | environment | {"PATH": path, "COLUMNS": "110"},
        capture_output=True,
        text=True,
        check=False,
    )
    parts = re.split(r"^=== (\d+)\n", done.stdout, flags=re.MULTILINE)[1:]
    printed = dict(zip(map(int, parts[::2]), parts[1::2], strict=True))
    assert done.returncode == 0, (
        f"{blocks[0].page}:{list(printed)[-1]} ended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    )
    return Session(printed, done.stderr)


def shown_and_printed(page: str, printed: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return what a page shows of the output of its blocks, and what came of each, without spaces at the ends of lines."""
    return [(_trimmed(block.text), _trimmed(printed[block.answers])) for block in blocks_of(page) if block.answers in printed]


def write_printed(page: str, printed: Mapping[int, str]) -> None:
    """Put into a page what its blocks printed, in place of what it shows."""
    path = PROJECT_ROOT / page
    text = path.read_text(encoding="utf-8")
    # from the last to the first, so that lines before stay where they are
    for block, found in reversed(list(zip(blocks_of(page), list(_FENCE.finditer(text)), strict=True))):
        if block.answers in printed:
            said = textwrap.indent(f"{_trimmed(printed[block.answers])}\n", found["indent"])
            text = text[: found.start("text")] + said + text[found.end("text") :]
    path.write_text(text, encoding="utf-8")


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def _as_bash(block: Block) -> str:
    return block.text if block.tag == "bash" else f"python - <<'END_OF_BLOCK'\n{block.text}END_OF_BLOCK"
