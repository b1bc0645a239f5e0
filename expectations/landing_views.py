"""The relation of a landing table over the night's files, and which of its columns can be judged."""

from collections.abc import Mapping, Sequence

from expectations.contract_rules import readable_as
from expectations.database import GateDatabase, literal, quoted
from expectations.landing_files import LandedFile
from expectations.privacy import MANY_ROWS
from orchestration.contract import Table

ARRIVAL = "_arrived_on"


def create_relation(database: GateDatabase, table: str, files: Sequence[LandedFile]) -> dict[str, str]:
    """Create the relation `table` over `files` and return all its landed columns with their united DuckDB types.

    Columns outside the contract are kept for the search for personal values; `_arrived_on` is the day the file counts for.
    """
    # Files without rows often have no types either; they would only widen the united types.
    with_rows = [file for file in files if file.row_count] or list(files)
    paths = ", ".join(literal(str(file.path)) for file in with_rows)
    # a file that came after its partition was taken in counts for a later day than its folder says
    later = " ".join(
        f"when {literal(str(file.path))} then date '{file.arrived_on}'"
        for file in with_rows
        if file.arrived_on != file.partition_on
    )
    source = f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false, filename = '_file')"
    columns = {name.lower(): actual for name, actual in database.columns(source).items() if name != "_file"}
    columns.pop(ARRIVAL, None)
    folder_day = "try_cast(regexp_extract(_file, 'arrived_on=([0-9-]+)', 1) as date)"
    arrival = f"{f'case _file {later} else {folder_day} end' if later else folder_day} as {ARRIVAL}"
    selected = ", ".join([*(quoted(name) for name in columns), arrival])
    # a small table is copied into memory once, and dozens of statements then cost no Parquet reading; what is searched by value
    # stays in its files, whose dictionaries make counting values cheap
    kind = "table" if sum(file.row_count for file in files) <= MANY_ROWS else "view"
    database.run(f"create {kind} {quoted(table)} as select {selected} from {source}")
    return columns


def sound_columns(table: Table, columns: Mapping[str, str], files: Sequence[LandedFile]) -> dict[str, str]:
    """Return the contract columns, in a readable type, that every file with rows has (any file, if optional)."""
    with_rows = [file for file in files if file.row_count]
    return {
        column.name: columns[column.name]
        for column in table.columns
        if column.name in columns
        and readable_as(column.type, columns[column.name])
        and not (column.required and any(column.name not in file.columns for file in with_rows))
    }
