"""A release of a few hand-written rows: marts in their own columns and types, the last as-of date in the database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.settings import PROJECT_ROOT

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def columns_of(mart: str) -> dict[str, str]:
    """Return a mart's columns with their types, as its YAML has them."""
    [path] = (PROJECT_ROOT / "models" / "marts").glob(f"**/{mart}.yml")
    [model] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["models"]
    return {column["name"]: column["data_type"] for column in model["columns"]}


def write_marts(release: Path, rows: Rows) -> Path:
    """Write a release folder with these marts and every other one without a row; return it."""
    release.mkdir(parents=True)
    marts = [path.stem for path in (PROJECT_ROOT / "models" / "marts").glob("**/*.yml") if path.with_suffix(".sql").is_file()]
    with duckdb.connect(str(release / "marts.duckdb")) as connection:
        for mart in (name for name in marts if not name.startswith("sig_")):
            columns = columns_of(mart)
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
