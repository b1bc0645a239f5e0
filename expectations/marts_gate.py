"""The gate before publication: the rows of one as-of date in the working warehouse against the mart suites."""

from datetime import date
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from expectations.database import GateDatabase, gate_database, literal, quoted
from expectations.engine import Judge
from expectations.landing_files import first_line
from expectations.mart_rules import shared_rules
from expectations.privacy import forbidden_as, value_scan
from expectations.queries import night_before
from expectations.reconciliation import reconcile
from expectations.report import Finding, GateReport, gate_report, judged
from expectations.rules import Rule, Suite, lacking, suites
from expectations.settings import GateSettings

_CATALOG = "warehouse"
_PRIVACY_ADVICE = "Nothing is published; leave the value out of the model and look where it came in past the source gate."


def validate_marts(warehouse: Path, as_of: date, settings: GateSettings, landing: Path | None = None) -> GateReport:
    """Judge what a night would publish. `warehouse` is the DuckDB file that dbt built; it is opened read-only. Usage reports in
    the folder `landing` are held against it.

    No other process may hold the file open for writing. Raises FileNotFoundError when there is no such file and
    RuntimeError when DuckDB cannot open it.
    """
    if not warehouse.is_file():
        raise FileNotFoundError(f"the mart gate requires the built warehouse; given {warehouse}: build it first")
    findings: list[Finding] = []
    with gate_database(settings.memory_limit, settings.spill) as database, Judge(database, as_of, settings) as judge:
        try:
            database.run(f"attach {literal(str(warehouse))} as {_CATALOG} (read_only)")
        except DBAPIError as error:
            problem = f"the mart gate must open {warehouse.name} read-only; DuckDB says: {first_line(error)}"
            raise RuntimeError(f"{problem}. Close whoever writes to it and run the gate again.") from error
        located = _located(database, settings)
        columns = _create_views(database, located, as_of, settings)
        for name, suite in suites("marts").items():
            findings += _presence(name, suite, located.get(name, []), columns.get(name, {}))
            if name in columns:
                written = [rule for rule in suite.expectations if not lacking(rule, name, columns)]
                findings += [_unasked(name, rule, columns) for rule in suite.expectations if rule not in written]
                key = suite.grain[-1] if suite.grain and suite.grain[-1] in columns[name] else None
                rows = int(str(database.rows(f"select count(*) from {quoted(name)}")[0][0]))
                scan = value_scan(columns[name], key, rows, published=True, advice=_PRIVACY_ADVICE)
                rules = [*shared_rules(suite, columns[name]), *written, *([scan] if scan else [])]
                findings += judge.judge(name, rules, key)
        if landing is not None:
            findings += reconcile(database, f"{_CATALOG}.{quoted(settings.marts_schema or 'main')}", landing, as_of, settings)
    return gate_report("marts", as_of, findings)


def _located(database: GateDatabase, settings: GateSettings) -> dict[str, list[str]]:
    """Return the schemas in which each table of the warehouse stands, by lower-case table name."""
    schema = settings.marts_schema
    found: dict[str, list[str]] = {}
    for row in database.rows(
        f"select lower(table_name), table_schema from information_schema.tables "
        f"where table_catalog = '{_CATALOG}' order by table_name, table_schema"
    ):
        found.setdefault(str(row[0]), []).append(str(row[1]))
    if schema is None:
        return found
    published = suites("marts")
    return {name: [schema] if schema in schemas else [] if name in published else schemas for name, schemas in found.items()}


def _create_views(
    database: GateDatabase, located: dict[str, list[str]], as_of: date, settings: GateSettings
) -> dict[str, dict[str, str]]:
    """Create a view for each published or needed table that stands in one schema; return their columns and types."""
    published = suites("marts")
    needed = {name for suite in published.values() for rule in suite.expectations for name in rule.needs}
    columns: dict[str, dict[str, str]] = {}
    for name in sorted(needed | set(published)):
        schemas = located.get(name, [])
        if len(schemas) != 1:
            continue
        relation = f"{_CATALOG}.{quoted(schemas[0])}.{quoted(name)}"
        columns[name] = {column.lower(): actual for column, actual in database.columns(relation).items()}
        suite = published.get(name, Suite(table=name))
        where = ""
        if suite.as_of_column in columns[name]:
            day, last = quoted(str(suite.as_of_column)), f"date '{as_of.isoformat()}'"
            where = f" where cast({day} as date) > {last} - {suite.trailing_days} and cast({day} as date) <= {last}"
        database.run(f"create view {quoted(name)} as select * from {relation}{where}")
        if any(rule.kind == "change" for rule in suite.expectations) and suite.as_of_column in columns[name]:
            day = f"cast({quoted(str(suite.as_of_column))} as date)"
            # a young warehouse moves by itself: its windows are still filling
            before = (
                f"{day} = (select max({day}) from {relation} where {day} < date '{as_of.isoformat()}' "
                f"having count(distinct {day}) >= {settings.fewest_nights_before})"
            )
            database.run(f"create view {quoted(night_before(name))} as select * from {relation} where {before}")
    return columns


def _presence(name: str, suite: Suite, schemas: list[str], columns: dict[str, str]) -> list[Finding]:
    findings = [
        judged(
            name,
            "the warehouse holds the table, in one schema",
            severity="block",
            success=len(schemas) == 1,
            advice="Build the model, or set marts_schema when two schemas have a table of this name.",
            observed=", ".join(schemas) or "no such table",
        )
    ]
    if not columns:
        return findings
    missing = [column for column in suite.filled_columns if column not in columns]
    forbidden = [f"{column} ({what})" for column in columns if (what := forbidden_as(column)) is not None]
    return [
        *findings,
        judged(
            name,
            "the key columns are there",
            severity="block",
            success=not missing,
            advice="Add the columns to the model, or change the contract and the suite together.",
            observed=f"no {', '.join(missing)}" if missing else None,
        ),
        judged(
            name,
            "no column could re-identify a person or hold prompt text",
            severity="block",
            success=not forbidden,
            advice="Nothing is published; remove the column, or publish its keyed hash under a _hash name.",
            observed=", ".join(forbidden) or None,
        ),
    ]


def _unasked(name: str, rule: Rule, columns: dict[str, dict[str, str]]) -> Finding:
    """Word a written rule that could not be asked: what cannot be checked is not published."""
    return judged(
        name,
        rule.name,
        severity=rule.severity,
        success=False,
        advice="Build what is missing, or change the contract and the suite together.",
        observed=f"it cannot be checked without {', '.join(lacking(rule, name, columns))}",
    )
