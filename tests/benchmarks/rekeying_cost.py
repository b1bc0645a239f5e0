"""What re-keying costs: `python -m tests.benchmarks.rekeying_cost [MILLIONS]`, from Parquet on one thread.

Prints processor seconds per million text ids, each once and each of few, beside those of a plain scan of the same column.
"""

import sys
import tempfile
import time
from pathlib import Path

import duckdb

from orchestration.privacy.id_keys import IdKey
from tests.unit.privacy.test_rekeying import macro, with_key


def seconds(connection: duckdb.DuckDBPyConnection, expression: str, path: Path) -> float:
    started = time.process_time()
    connection.execute(f"select bit_xor(hash(id)) from (select {expression} as id from '{path}')").fetchall()
    return time.process_time() - started


def main(millions: int) -> None:
    key = IdKey.model_validate({"epoch": 1, "key": "07" * 32})
    connection = with_key(key)
    connection.execute("set threads = 1")
    with tempfile.TemporaryDirectory() as folder:
        for name, distinct in (("ids that stand once", millions * 1_000_000), ("ids of 2,000 accounts", 2_000)):
            path = Path(folder) / "ids.parquet"
            rows = f"select 'acct_' || (i % {distinct}) as id from range({millions * 1_000_000}) as r(i)"
            connection.execute(f"copy ({rows}) to '{path}' (format parquet)")
            plain = seconds(connection, "id", path) / millions
            keyed = seconds(connection, macro("rekeyed_text", "id", "account"), path) / millions
            print(f"{name}: {keyed:.2f} s a million re-keyed, {plain:.2f} s scanned, {keyed / plain:.0f} times")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
