"""What is told from raw values before they are hashed, and what was made of texts elsewhere, as columns of the rows.

Belongs here: the SQL that adds them. Networks are looked up in `networks.py`; fingerprints are made by a step of its own.
"""

from pathlib import Path

import duckdb

from orchestration.adapters.edge import describe_select
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.networks import TOLD, tell_addresses
from orchestration.adapters.placing import read_landed
from orchestration.adapters.settings import Networks
from orchestration.fingerprints.making import FILLED


def with_networks(connection: duckdb.DuckDBPyConnection, networks: Networks, raw: str, columns: list[str]) -> str:
    """Return what to read in place of `raw`: addresses in one spelling, and what is told from them; adds to `columns`."""
    given = raw
    for column, (prefix, asn, country) in TOLD.items():
        if column not in columns:
            continue
        texts = connection.execute(f"select distinct {column} from {raw} where {column} is not null").fetchall()
        told = f"told_{column}"
        connection.register(told, tell_addresses((row[0] for row in texts), networks))
        replaced = {column: f"{told}.address"}
        for name, value in ((prefix, "prefix"), (asn, "asn"), (country, "country")):
            if name:
                replaced[name] = f"coalesce(mapped.{name}, {told}.{value})" if name in columns else f"{told}.{value}"
        kept = [f"mapped.{name}" for name in columns if name not in replaced]
        columns += [name for name in replaced if name not in columns]
        taken = ", ".join([*kept, *(f"{value} as {name}" for name, value in replaced.items())])
        given = f"(select {taken} from {given} as mapped left join {told} on {told}.given = mapped.{column})"
    return given if given == raw else f"{given} as told"


def with_fingerprints(connection: duckdb.DuckDBPyConnection, folder: Path, hashed: str, columns: list[str]) -> str:
    """Return the rows with the fingerprints that were made of their texts elsewhere, where the system itself gives none.

    AdapterError for a folder that holds none.
    """
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise AdapterError(f"{folder} must hold what `stillwatch fingerprint` wrote, and holds no Parquet file")
    made = list(describe_select(connection, f"from {read_landed(files)}"))
    if "request_id" not in made:
        raise AdapterError(f"{folder} must hold what `stillwatch fingerprint` wrote; its files have no request_id")
    filled = {
        name: f"coalesce(hashed.{name}, made.{name})" if name in columns else f"made.{name}" for name in made if name in FILLED
    }
    kept = [name if name == "request_id" else f"hashed.{name}" for name in columns if name not in filled]
    taken = ", ".join([*kept, *(f"{value} as {name}" for name, value in filled.items())])
    once = f"select * from {read_landed(files)} qualify row_number() over (partition by request_id) = 1"
    return f"select {taken} from ({hashed}) as hashed left join ({once}) as made using (request_id)"
