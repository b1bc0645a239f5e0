"""The landing tables as assets: planned, gated, and put in reach of dbt."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.contract import landing_contract
from orchestration.defs.checks import gate_check_results, gate_check_specs
from orchestration.defs.partitions import as_of_dates, as_of_range
from orchestration.defs.resources import NightResource

_keys = {table: dg.AssetKey(["provider", table]) for table in landing_contract().tables}


@dg.multi_asset(
    name="landing",
    specs=[
        dg.AssetSpec(_keys[name], description=f"One row per delivered copy of a {table.grain}.", group_name="landing")
        for name, table in landing_contract().tables.items()
    ],
    check_specs=gate_check_specs("source_gate", _keys),
    partitions_def=as_of_dates,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def landing(context: dg.AssetExecutionContext, night: NightResource) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    """Plan the run, let the source gate judge its files, and only then touch the warehouse."""
    report = night.of(context).take_in(*as_of_range(context))
    run = night.of(context).plan()
    for table, key in _keys.items():
        hashes = {file.relative_path: file.sha256 for file in run.files if file.table == table}
        yield dg.MaterializeResult(asset_key=key, metadata={"files": len(hashes), "sha256": dg.MetadataValue.json(hashes)})
    yield from gate_check_results("source_gate", report, _keys)
