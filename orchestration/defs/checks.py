"""Gate findings as blocking asset checks: one check a table, red when any of its expectations blocks."""

from collections.abc import Iterator, Mapping

import dagster as dg

from expectations.report import GateReport


def gate_check_specs(name: str, keys: Mapping[str, dg.AssetKey]) -> list[dg.AssetCheckSpec]:
    """Return one blocking check per table."""
    return [
        dg.AssetCheckSpec(name, asset=key, blocking=True, description=f"The {name.replace('_', ' ')} on {table}.")
        for table, key in keys.items()
    ]


def gate_check_results(name: str, report: GateReport, keys: Mapping[str, dg.AssetKey]) -> Iterator[dg.AssetCheckResult]:
    """Yield each table's result; a finding about a table without an asset is put on the first."""
    first = next(iter(keys))
    for table, key in keys.items():
        own = [f for f in report.findings if f.table == table or (table == first and f.table not in keys)]
        blocked = [f for f in own if not f.success and f.severity == "block"]
        yield dg.AssetCheckResult(
            check_name=name,
            asset_key=key,
            passed=not blocked,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"expectations": len(own), "failed": "\n".join(f.message for f in own if not f.success) or "none"},
        )
