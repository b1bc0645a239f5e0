"""The night by hand: SQL files in their order over a database of their own, and three marts as Parquet.

Belongs here: the script that a night is held against, as it would run from cron: no plan, no gate, no contract, no rewind, no
release. It takes in what `traffic.py` delivers.

account_days and account_links are whole but for referral links, which nobody in the traffic has. Of account_features it makes
what comes of usage and the account's own row. It leaves out what comes of other tables: billing, sign-up, credentials,
contracts, intelligence, model releases, enforcement and re-entry, and the keys of accounts, which are each warehouse's own.
"""

import sys
from datetime import date
from pathlib import Path

import duckdb

from orchestration.settings import DEFAULT_MEMORY_LIMIT, PROJECT_ROOT

FILES = ("day", "account_days", "account_features", "account_links")
MARTS = FILES[1:]


def take_in(folder: Path, landing: Path, day: date) -> None:
    """Take in what arrived on a day and write the marts as of it; days come in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    begins = not (folder / "state.duckdb").exists()
    with duckdb.connect(str(folder / "state.duckdb")) as connection:
        # as a night has it
        connection.execute(f"set memory_limit = '{DEFAULT_MEMORY_LIMIT}'")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set variable seeds = ?", [str(PROJECT_ROOT / "seeds" / "reference")])
        connection.execute("set variable day = ?", [day])
        tables = {"requests": "usage_requests", "accounts": "accounts", "charges": "billing_charges"}
        for name, table in tables.items():
            connection.execute(f"set variable {name}_files = ?", [f"{landing}/{table}/arrived_on={day}/*.parquet"])
        connection.execute("begin")
        for name in (["state"] if begins else []) + list(FILES):
            connection.execute(sql_of(name))
        for mart in MARTS:
            connection.execute(f"copy {mart} to '{folder / mart}.parquet' (format parquet, compression zstd)")
        connection.execute("commit")


def sql_of(name: str) -> str:
    """Return the text of one of the script's files."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")


if __name__ == "__main__":
    take_in(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
