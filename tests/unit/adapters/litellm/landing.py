"""Landing an installation and reading what was landed.

Belongs here: settings of a run, landed rows, and the bytes of everything that was written.
"""

from datetime import date
from pathlib import Path

import duckdb

from orchestration.adapters.edge_key import EdgeKey, read_edge_key, write_new_edge_key
from orchestration.adapters.running import Landed, land
from orchestration.adapters.settings import read_sources

Row = dict[str, object]


class Landing:
    """A landing folder, with the settings by which it is filled."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "landing"
        root.mkdir(parents=True, exist_ok=True)
        write_new_edge_key(root / "key.json")

    @property
    def key(self) -> EdgeKey:
        return read_edge_key(self.root / "key.json", self.folder)

    def land(self, day: date, first: date | None = None, **settings: object) -> Landed:
        """Land up to a day; `settings` are those of the source."""
        given = ", ".join(f"{name}: {value}" for name, value in settings.items())
        (self.root / "sources.yml").write_text(f"edge_key_file: key.json\nlitellm: {{{given}}}\n")
        return land(read_sources(self.root / "sources.yml"), self.folder, day, first)

    def land_from(self, address: str, day: date, first: date | None = None, **settings: object) -> Landed:
        """Land from a database."""
        (self.root / "address").write_text(address + "\n")
        return self.land(day, first, database_file="address", **settings)

    def rows(self, table: str, order: str = "all") -> list[Row]:
        """Return the landed rows with their arrival day."""
        with duckdb.connect() as connection:
            result = connection.execute(f"select * from {self.files(table)} order by {order}")
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def ask(self, sql: str, table: str = "usage_requests") -> list[tuple[object, ...]]:
        """Return the answer to a query over `landed`, a landed table."""
        with duckdb.connect() as connection:
            return connection.execute(f"with landed as (from {self.files(table)}) {sql}").fetchall()

    def files(self, table: str) -> str:
        """Return the SQL that reads a landed table."""
        return (
            f"read_parquet('{self.folder / table}/*/*.parquet', union_by_name = true, hive_partitioning = true, "
            "hive_types = {'arrived_on': date})"
        )

    def written(self) -> bytes:
        """Return the bytes of every file below the landing folder, Parquet decompressed into text too."""
        plain = [path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()]
        with duckdb.connect() as connection:
            texts = [
                repr(connection.execute(f"select * from read_parquet('{path}')").fetchall()).encode()
                for path in sorted(self.folder.rglob("*.parquet"))
            ]
        return b"\n".join([*plain, *texts])
