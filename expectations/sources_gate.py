"""The gate before the build: the night's landed files against the landing contract and the source suites."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from pathlib import Path
from statistics import median

from sqlalchemy.exc import DBAPIError

from expectations.contract_rules import schema_findings, value_rules
from expectations.database import GateDatabase, gate_database
from expectations.engine import Judge
from expectations.landing_files import LandedFile, first_line, inspect, unreadable_values
from expectations.landing_views import create_relation, sound_columns
from expectations.privacy import value_scan
from expectations.report import Finding, GateReport, gate_report, judged
from expectations.rules import Rule, Suite, lacking, suites
from expectations.settings import GateSettings
from orchestration.contract import Table, landing_contract

_PRIVACY_ADVICE = (
    "Remove the file from the landing folder, tell the provider, and take a delivery without these values; "
    "the examples show their shape only."
)


def validate_sources(
    files: Mapping[str, Sequence[Path]],
    as_of: date,
    settings: GateSettings,
    trailing_rows: Mapping[str, Sequence[int]],
) -> GateReport:
    """Judge the files a night would consume, before anything is built.

    `files` maps a landing table to its new Parquet files. A table that is missing from it is absent (it reads as
    empty); a table with no file of the day's partition is late, which blocks for required tables and warns for others.
    `trailing_rows` maps a table to its row counts on earlier days, newest last. Raises ValueError on a table the
    contract does not know. Damaged data never raises: it is a finding.
    """
    contract = landing_contract()
    strangers = sorted(set(files) - set(contract.tables))
    if strangers:
        known = ", ".join(contract.tables)
        raise ValueError(f"files must be of landing tables ({known}); given {', '.join(strangers)}: correct the names")
    findings: list[Finding] = []
    with gate_database() as database, Judge(database, as_of, settings) as judge:
        readable: dict[str, list[LandedFile]] = {}
        sound: dict[str, dict[str, str]] = {}
        privacy: dict[str, Rule | None] = {}
        for name, table in contract.tables.items():
            landed = [inspect(database, Path(path)) for path in sorted(files.get(name, ()), key=str)]
            findings += _delivery(name, table, files.get(name), landed, as_of)
            readable[name] = [file for file in landed if file.unreadable is None]
            if readable[name]:
                findings += schema_findings(name, table, readable[name], settings)
                try:
                    columns = create_relation(database, name, readable[name])
                except DBAPIError as error:
                    findings.append(_damaged(database, name, readable[name], error))
                    continue
                sound[name] = sound_columns(table, columns, readable[name])
                privacy[name] = value_scan(columns, published=False, advice=_PRIVACY_ADVICE)
        for name, columns in sound.items():
            table = contract.tables[name]
            days = len({file.arrived_on for file in readable[name]})
            rules = _volume_rules(name, trailing_rows.get(name, ()), days, settings)
            # Without rows every other rule holds: an empty table is a fact.
            if any(file.row_count for file in readable[name]):
                scan = privacy[name]
                rules += [*_value_rules(name, table, sound), *([scan] if scan else [])]
            findings += judge.judge(name, rules, table.key if table.key in columns else None)
    return gate_report("sources", as_of, findings)


def _delivery(name: str, table: Table, given: Sequence[Path] | None, landed: Sequence[LandedFile], as_of: date) -> list[Finding]:
    unreadable = [file for file in landed if file.unreadable is not None]
    day = f"arrived_on={as_of.isoformat()}"
    delivered = any(file.arrived_on == as_of for file in landed)
    absent = given is None and not table.required
    findings = [
        judged(
            name,
            f"the partition {day} is delivered",
            severity="block" if table.required else "warn",
            success=delivered or absent,
            advice=f"Ask the provider for {name}/{day} and run the night again."
            if table.required
            else "The night goes on without it; what needs it is read from earlier days or not computed.",
            observed="absent, reads as empty" if absent else f"{len(landed)} new files, none of that day",
        )
    ]
    if landed:
        findings.append(
            judged(
                name,
                "every file is readable Parquet",
                severity="block",
                success=not unreadable,
                advice="Ask the provider to write the file again and replace it in the landing folder.",
                unexpected_count=len(unreadable),
                element_count=len(landed),
                unit="file",
                examples=tuple(f"{file.shown} ({file.unreadable})" for file in unreadable[:5]),
            )
        )
    return findings


def _damaged(database: GateDatabase, name: str, files: Sequence[LandedFile], error: DBAPIError) -> Finding:
    """Word a failure to read values of files whose footers were fine, naming the files that fail alone."""
    damaged = [f"{file.shown} ({problem})" for file in files if (problem := unreadable_values(database, file))]
    return judged(
        name,
        "every file can be read to its end",
        severity="block",
        success=False,
        advice="Ask the provider to write the file again and replace it in the landing folder.",
        unexpected_count=len(damaged),
        element_count=len(files),
        unit="file",
        examples=tuple(damaged[:5]),
        observed=f"the files cannot be read together: {first_line(error)}",
    )


def _value_rules(name: str, table: Table, sound: Mapping[str, Mapping[str, str]]) -> list[Rule]:
    suite = suites("sources").get(name, Suite(table=name))
    return [*value_rules(table, sound[name]), *(rule for rule in suite.expectations if not lacking(rule, name, sound))]


def _volume_rules(name: str, trailing: Sequence[int], days: int, settings: GateSettings) -> list[Rule]:
    """Return the volume rule of the volume table when its history is long enough and not all empty, else nothing.

    `days` is how many days' partitions are judged together: more than one in a backfill.
    """
    if name != settings.volume_table or len(trailing) < settings.volume_trailing_days:
        return []
    usual = float(median(trailing))
    if usual <= 0:
        return []
    # Whole rows, rounded outwards: a count on the limit itself passes.
    lowest, highest = (
        int(days * usual * settings.volume_floor_ratio),
        ceil(days * usual * settings.volume_ceiling_ratio),
    )
    return [
        Rule(
            name=f"the number of rows is between {lowest:,} and {highest:,} "
            f"(the median of {len(trailing)} trailing days is {usual:,.0f}; days delivered: {days})",
            kind="row_count",
            minimum=lowest,
            maximum=highest,
            advice="Ask the provider whether the day is whole and delivered once; when the volume is real, "
            "run the night with other volume ratios.",
        )
    ]
