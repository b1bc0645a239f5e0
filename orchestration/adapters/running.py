"""One run that lands: each configured system read, shaped, hashed and placed under its arrival days.

Belongs here: the order of the steps. Nothing is in place before all systems were read, and nothing is remembered before all of
it is in place.
"""

from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from orchestration.adapters.accounts import EXTRACT, SIGHTINGS, Knowledge, merge_accounts
from orchestration.adapters.edge import edge_connection
from orchestration.adapters.edge_key import read_edge_key
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.inputs import malformed_file
from orchestration.adapters.own_tables import NAME
from orchestration.adapters.placing import Placing
from orchestration.adapters.settings import Sources
from orchestration.adapters.shipped import read_adapter
from orchestration.adapters.source_run import SourceRun
from orchestration.adapters.state import SourceState, landing_lock, read_state, write_state
from orchestration.adapters.usage_reports.landing import Reports


class Landed(BaseModel):
    """What a run landed: rows by table and arrival day.

    Beside them, counted by what they are: values that were there and could not be read, what was read and left out, absent values
    in whose place something was assumed, and totals of usage reports by whose they are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_day: date
    last_day: date
    rows: dict[str, dict[date, int]]
    unreadable: dict[str, int]
    left_out: dict[str, int] = {}
    assumed: dict[str, int] = {}
    report_totals: dict[str, int] = {}


def land(sources: Sources, landing: Path, day: date, first: date | None = None) -> Landed:
    """Land all that the configured systems hold up to the end of `day` (UTC) and that was not landed before.

    A system without a memory of an earlier run begins with `first`, else with the day of the earliest event of any. AdapterError
    when a source cannot be read; nothing is in place then.
    """
    key = read_edge_key(sources.edge_key_file, landing)
    with landing_lock(landing), edge_connection(key, sources.memory_limit) as connection:
        try:
            return _land(connection, sources, landing, key.key_id, day, first)
        except duckdb.OutOfMemoryException as error:
            raise AdapterError(
                f"a span must fit into {sources.memory_limit} while its ids are hashed, and did not; nothing was landed. Raise "
                "$STILLWATCH_MEMORY_LIMIT, or land days one by one with --date"
            ) from error
        except duckdb.InvalidInputException as error:
            malformed = malformed_file(error)
            if malformed is None:
                raise
            raise malformed from None


def _land(
    connection: duckdb.DuckDBPyConnection, sources: Sources, landing: Path, key_id: str, day: date, first: date | None
) -> Landed:
    runs = [
        SourceRun(connection, sources, read_adapter(name), source, _state(landing, name, key_id, sources), day)
        for name, source in sources.named.items()
    ]
    firsts = [first if first and not run.state.landed_through else run.first_day() for run in runs]
    earliest = min((known for known in firsts if known), default=day)
    placing = Placing(connection, landing)
    for run, known in zip(runs, firsts, strict=True):
        run.shape(known or earliest)
    known_accounts = [_knowledge(run) for run in runs]
    accounts = merge_accounts(connection, landing, known_accounts, earliest)
    for run, known in zip(runs, firsts, strict=True):
        for table, shaped in run.shaped.items():
            if table != "accounts":
                placing.place(table, shaped, run.adapter.name, known or earliest, day)
    for provenance, merged in accounts.items():
        placing.place_extract("accounts", merged, provenance, earliest, day)
    reports = Reports(connection, sources, day)
    placing.commit()
    report_totals = reports.place(landing)
    for run in runs:
        write_state(landing, run.adapter.name, run.remembered(key_id))
    return Landed(
        first_day=earliest,
        last_day=day,
        rows=placing.rows,
        unreadable=sum((run.unreadable for run in runs), Counter()),
        left_out=sum((run.left_out for run in runs), Counter()),
        assumed=sum((run.assumed for run in runs), Counter()),
        report_totals=report_totals,
    )


def _knowledge(run: SourceRun) -> Knowledge:
    accounts, usage = run.shaped.get("accounts"), run.shaped.get("usage_requests")
    # a system whose tables of accounts are not there still shows which accounts are in use
    shows_alone = run.adapter.accounts == EXTRACT and not accounts and usage and run.adapter.name != NAME
    return Knowledge(kind=SIGHTINGS if shows_alone else run.adapter.accounts, accounts=accounts, usage=usage)


def _state(landing: Path, name: str, key_id: str, sources: Sources) -> SourceState:
    state = read_state(landing, name)
    if state.key_id not in (None, key_id):
        raise AdapterError(
            f"{landing} holds ids of {name} under key {state.key_id}, and {sources.edge_key_file} is key {key_id}: ids of two "
            "keys join to nothing. Give the key of before, or land into a new folder"
        )
    return state
