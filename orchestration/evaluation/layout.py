"""Markdown for tables and figures.

Belongs here: layout alone.
"""

from collections.abc import Iterable, Sequence

from orchestration.evaluation.pooling import Pooled

Row = Sequence[object]


def markdown_table(head: Sequence[str], rows: Iterable[Row]) -> str:
    """Return a table; a cell that is None is empty."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join("" if cell is None else str(cell) for cell in line) + " |" for line in lines)


def share_text(pooled: Pooled) -> str:
    """Return a share with its interval, or a dash where nothing was tried."""
    if pooled.value is None:
        return "-"
    if pooled.lower is None or pooled.upper is None:
        return f"{pooled.value:.1%}"
    return f"{pooled.value:.1%} ({pooled.lower:.1%} to {pooled.upper:.1%})"


def bold(text: str, is_bad: bool) -> str:
    """Return the text, in bold when it is bad."""
    return f"**{text}**" if is_bad else text
