"""LiteLLM installations on a PostgreSQL server that the tests start themselves, and their dumps.

Belongs here: making, filling and exporting one. What is landed of it is asked by the tests.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from adbc_driver_postgresql import dbapi

from tests.postgres import Postgres

HERE = Path(__file__).parent
SHARED = Path(__file__).parents[5] / "shared" / "data" / "schemas" / "litellm"
EXPORTED = "select table_name from information_schema.tables where table_schema = 'public' and table_name like 'LiteLLM%'"


class Installation(Postgres):
    """A LiteLLM database of a server."""

    def make_tables(self, tables: str | None = None) -> None:
        """Make the tables, those of `tables.sql` unless others are given."""
        self.run(tables or (HERE / "tables.sql").read_text())

    def make(self, tables: str | None = None) -> None:
        """Make the tables and the tenants."""
        self.make_tables(tables)
        self.run((HERE / "tenants.sql").read_text())

    def fill(self, first: str, days: int, requests: int, padding: int = 4) -> None:
        """Add requests, evenly over days."""
        self.run((HERE / "requests.sql").read_text(), first=first, days=days, requests=requests, padding=padding)

    def export(self, folder: Path, ending: str) -> None:
        """Write every table that has rows as one file of a format; JSON stays text, as exports write it."""
        folder.mkdir(parents=True)
        for table in self.run(EXPORTED).splitlines():
            with dbapi.connect(self.address()) as connection, connection.cursor() as cursor:
                cursor.execute(f'select * from "{table}"')
                rows = cursor.fetch_arrow_table()
            if not rows.num_rows:
                continue
            path = folder / f"{table}.{ending}"
            if ending == "parquet":
                pyarrow.parquet.write_table(_plain(rows), path)
            elif ending == "csv":
                self.run(f"""\\copy "{table}" to '{path}' with (format csv, header)""")
            else:
                lines = self.run(f'select to_jsonb(given) from "{table}" as given')
                path.write_text(lines + "\n")


def _plain(rows: pa.Table) -> pa.Table:
    """Return a table without extension types, which Parquet readers may not know."""
    columns = [column.cast(pa.string()) if "json" in str(column.type) else column for column in rows.columns]
    return pa.table(columns, names=rows.column_names)
