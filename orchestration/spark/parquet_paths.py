"""Parquet files as a relation in Spark's SQL.

Belongs here: how a path is written in a statement. Spark reads paths as patterns.
"""

import os
from collections.abc import Sequence
from pathlib import Path

_PATTERN = str.maketrans({mark: f"\\{mark}" for mark in "\\{}[]*?,"})


def parquet(paths: Sequence[Path]) -> str:
    """Return the relation of some files or folders, given by their whole paths; one at least."""
    # a pattern that begins with a brace would be looked for in the server's own folder
    root = Path(os.path.commonpath([path.parent for path in paths]))
    below = [str(path.relative_to(root)).translate(_PATTERN) for path in paths]
    pattern = f"{str(root).translate(_PATTERN).rstrip('/')}/{below[0] if len(below) == 1 else '{' + ','.join(below) + '}'}"
    return f"parquet.`{pattern.replace('`', '``')}`"
