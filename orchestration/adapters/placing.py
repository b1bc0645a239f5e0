"""Landed rows as files of their arrival days: drafted beside the tables, then moved into place together.

Belongs here: what was landed before and is left out, names of files, and the empty file that says a day had no rows.
"""

import shutil
from datetime import date
from pathlib import Path

import duckdb

from orchestration.adapters.edge import describe, describe_select
from orchestration.adapters.selects import literal, quoted
from orchestration.adapters.state import FOLDER
from orchestration.contract import landing_contract
from orchestration.days import days_between
from orchestration.landing.files import ARRIVED_ON


class Placing:
    """The files of one run. Nothing is in place before `commit`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, landing: Path) -> None:
        self.connection, self.landing = connection, landing
        self.rows: dict[str, dict[date, int]] = {}
        self._drafts: list[tuple[Path, Path]] = []
        self._folder = landing / FOLDER / "drafts"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)

    def place(self, table: str, given: str, source: str, first: date, last: date) -> None:
        """Draft one file a day of rows of `given`, each under its `arrived_on`, without those that this source landed before.

        An event is known by its key among days from its own on, a row of state by all of its values: a key's only row is held
        against what was landed last under it, so that what is again as it once was is delivered again.
        """
        contract = landing_contract().tables[table]
        landed = sorted((self.landing / table).glob(f"{ARRIVED_ON}=*/{source}-*.parquet"))
        new, rows = f"new_{table}", f"select given.* from {quoted(given)} as given"
        if landed and contract.delivery == "event":
            earliest = f"(select coalesce(min({contract.event_at}), timestamp '9999-01-01') from {quoted(given)})"
            keys = f"select {contract.key} from {read_landed(landed)} where {contract.event_at} >= {earliest}"
            rows += f" anti join ({keys}) as landed using ({contract.key})"
        elif landed:
            columns = self._columns(given)
            same = " and ".join(f"landed.{name} is not distinct from given.{name}" for name in columns)
            newest = self._landed_last(landed, columns, contract.key)
            only = f"select {contract.key} from {quoted(given)} group by {contract.key} having count(*) = 1"
            rows += (
                f" where not exists (select 1 from ({self._landed(landed, columns)}) as landed where {same})"
                f" or ({contract.key} in ({only}) and not exists (select 1 from ({newest}) as landed where {same}))"
            )
        self.connection.execute(f"create or replace temp table {new} as {rows}")
        for day in days_between(first, last):
            self._draft(table, f"select * exclude ({ARRIVED_ON}) from {new} where {ARRIVED_ON} = date '{day}'", source, day)

    def place_extract(self, table: str, given: str, source: str, first: date, last: date) -> None:
        """Draft the extract of each day: rows of `given` that were there at its end, unless that day has just these already."""
        contract = landing_contract().tables[table]
        columns = ", ".join(self._columns(given))
        for day in days_between(first, last):
            opened = f"{contract.event_at} is null or {contract.event_at} < date '{day}' + 1"
            rows = f"select {columns} from {quoted(given)} where {opened}"
            landed = landed_files(self.landing / table / f"{ARRIVED_ON}={day}", source)
            if landed:
                rows = f"{rows} except {self._landed(landed, self._columns(given))}"
            self._draft(table, rows, source, day)

    def commit(self) -> None:
        """Move every draft into place. A run killed midway has landed some of its files, and the next leaves their rows out."""
        for draft, place in self._drafts:
            place.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(place)
        shutil.rmtree(self._folder)

    def _draft(self, table: str, rows: str, source: str, day: date) -> None:
        folder = self.landing / table / f"{ARRIVED_ON}={day}"
        before = len(landed_files(folder, source))
        draft = self._folder / f"{table}-{source}-{day}.parquet"
        row = self.connection.execute(f"copy ({rows}) to {literal(draft)} (format parquet, compression zstd)").fetchall()
        count = int(row[0][0])
        # an empty file says that the day had none; beside others it would say nothing
        if count or not before:
            self._drafts.append((draft, folder / f"{source}-{before + 1:04}.parquet"))
            self.rows.setdefault(table, {})[day] = self.rows.get(table, {}).get(day, 0) + count

    def _columns(self, given: str) -> list[str]:
        return [name for name in describe(self.connection, given) if name != ARRIVED_ON]

    def _landed(self, landed: list[Path], columns: list[str]) -> str:
        """Return the select of rows that lie in place, in `columns`; one that older files lack is NULL."""
        return f"select {self._taken(landed, columns)} from {read_landed(landed)}"

    def _landed_last(self, landed: list[Path], columns: list[str], key: str) -> str:
        """Return the same of each key's last file alone; names of folders and files are in the order in which they came."""
        return (
            f"select {self._taken(landed, columns)} from {read_landed(landed, 'filename')} "
            f"qualify rank() over (partition by {key} order by filename desc) = 1"
        )

    def _taken(self, landed: list[Path], columns: list[str]) -> str:
        there = describe_select(self.connection, f"from {read_landed(landed)}")
        return ", ".join(name if name in there else f"null as {name}" for name in columns)


def read_landed(paths: list[Path], *added: str) -> str:
    """Return the SQL that reads landed files, with columns that the engine adds; the folder's name is no column of theirs."""
    listed = ", ".join(map(literal, paths))
    also = "".join(f", {name} = true" for name in added)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false{also})"


def landed_files(folder: Path, source: str) -> list[Path]:
    """Return a source's files of one table and arrival day, in order."""
    return sorted(folder.glob(f"{source}-*.parquet"))
