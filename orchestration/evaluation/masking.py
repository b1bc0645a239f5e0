"""A landing folder without one column or table, made from another.

Belongs here: the copy. Files that stay as they are are linked, not copied.
"""

import shutil
from pathlib import Path

import pyarrow.parquet as pq


def mask(landing: Path, table: str, column: str, to: Path) -> None:
    """Make at `to` the landing folder without one column, or without a whole table where `column` is ''."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    for folder in landing.iterdir():
        if folder.name != table:
            (to / folder.name).symlink_to(folder.resolve())
        elif column:
            for file in folder.rglob("*.parquet"):
                place = to / file.relative_to(landing)
                place.parent.mkdir(parents=True, exist_ok=True)
                pq.write_table(pq.ParquetFile(file).read().drop_columns([column]), place)
