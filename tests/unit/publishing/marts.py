"""A release of a few hand-written rows: marts in their own columns and types, the last as-of date in the database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.catalogue.mart_columns import MARTS, mart_columns

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def write_marts(release: Path, rows: Rows) -> Path:
    """Write a release folder with these marts and every other one without a row; return it."""
    release.mkdir(parents=True)
    marts = [path.stem for path in MARTS.glob("**/*.yml") if path.with_suffix(".sql").is_file()]
    with duckdb.connect(str(release / "marts.duckdb")) as connection:
        for mart in (name for name in marts if not name.startswith("sig_")):
            columns = {column.name: column.data_type for column in mart_columns(mart)}
            connection.execute(f"create table {mart} ({', '.join(f'{name} {type_}' for name, type_ in columns.items())})")
            for row in rows.get(mart, ()):
                assert set(row) <= set(columns), set(row) - set(columns)
                marks = ", ".join("?" * len(row))
                connection.execute(f"insert into {mart} ({', '.join(row)}) values ({marks})", list(row.values()))
            (release / "parquet" / mart).mkdir(parents=True)
            connection.execute(f"copy {mart} to '{release}/parquet/{mart}/all.parquet' (format parquet)")
            if "as_of_date" in columns:
                connection.execute(f"delete from {mart} where as_of_date < (select max(as_of_date) from {mart})")
    return release
