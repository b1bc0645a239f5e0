"""Opening a home's working warehouse for one step of a night. Apart from the steps, which import dbt."""

from collections.abc import Generator
from contextlib import contextmanager

import duckdb

from orchestration.privacy.id_keys import configured_id_key
from orchestration.settings import Home
from orchestration.warehouse import state


@contextmanager
def warehouse(home: Home) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the working warehouse for one step."""
    key = configured_id_key(home)
    ids = state.IdEpoch(epoch=key.epoch, key_id=key.key_id) if key else None
    connection = state.open_warehouse(home.warehouse, home.memory_limit, ids, home.target)
    try:
        yield connection
    finally:
        connection.close()
