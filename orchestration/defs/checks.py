"""Gate findings as blocking asset checks: one check a table, red when any of its expectations blocks."""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from expectations.report import Finding, GateReport


def gate_check_specs(name: str, keys: Mapping[str, dg.AssetKey]) -> list[dg.AssetCheckSpec]:
    """Return one blocking check per table, on the table's own asset."""
    return [
        dg.AssetCheckSpec(name, asset=key, blocking=True, description=f"The {name.replace('_', ' ')} on {table}.")
        for table, key in keys.items()
    ]


def gate_check_results(name: str, report: GateReport, keys: Mapping[str, dg.AssetKey]) -> Iterator[dg.AssetCheckResult]:
    """Yield each table's result; a finding about a table without an asset is put on the first."""
    for table, findings in _by_table(report, list(keys)).items():
        yield _result(name, keys[table], findings)


def table_check_specs(gate: str, tables: Sequence[str], asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """Return one blocking check per table, all on one asset, each named after its gate and table."""
    return [
        dg.AssetCheckSpec(f"{gate}_{table}", asset=asset, blocking=True, description=f"The {gate.replace('_', ' ')} on {table}.")
        for table in tables
    ]


def table_check_results(
    gate: str, report: GateReport, tables: Sequence[str], asset: dg.AssetKey
) -> Iterator[dg.AssetCheckResult]:
    """Yield each table's result for `table_check_specs`."""
    for table, findings in _by_table(report, tables).items():
        yield _result(f"{gate}_{table}", asset, findings)


def _by_table(report: GateReport, tables: Sequence[str]) -> dict[str, list[Finding]]:
    grouped: dict[str, list[Finding]] = {table: [] for table in tables}
    for finding in report.findings:
        grouped[finding.table if finding.table in grouped else tables[0]].append(finding)
    return grouped


def _result(name: str, key: dg.AssetKey, findings: Sequence[Finding]) -> dg.AssetCheckResult:
    counts = {verdict: sum(finding.verdict == verdict for finding in findings) for verdict in ("warns", "overridden", "blocks")}
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=key,
        passed=counts["blocks"] == 0,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "expectations": len(findings),
            **counts,
            "not held": "\n".join(finding.message for finding in findings if not finding.success) or "none",
        },
    )
