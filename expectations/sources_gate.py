"""The gate before the build: the night's landed files against the landing contract, the source suites and the days before."""

from collections.abc import Mapping, Sequence

from sqlalchemy.exc import DBAPIError

from expectations.contract_rules import schema_findings, value_rules
from expectations.database import GateDatabase, gate_database
from expectations.delivery import Delivery, checked_tables, partition_findings, repeat_findings, stray_findings
from expectations.engine import Judge
from expectations.history import History, history_findings, profile_days
from expectations.landing_files import LandedFile, first_line, inspect, unreadable_values
from expectations.landing_views import create_relation, sound_columns
from expectations.privacy import value_scan
from expectations.profiles import DayProfile
from expectations.report import Finding, GateReport, gate_report, judged
from expectations.rules import Rule, Suite, lacking, suites
from expectations.settings import GateSettings
from orchestration.contract import Table, landing_contract

_PRIVACY_ADVICE = (
    "Remove the file from the landing folder, tell the provider, and take a delivery without these values; "
    "the examples show their shape only."
)


def validate_sources(delivery: Delivery, settings: GateSettings, history: History) -> GateReport:
    """Judge the files a run would consume, before anything is built.

    The report carries the profiles of the arrival days, for later days to be held against. Raises ValueError on a table
    the contract does not know. Damaged data never raises: it is a finding.
    """
    checked_tables(delivery)
    findings: list[Finding] = stray_findings(delivery)
    profiles: list[DayProfile] = []
    with gate_database(settings.memory_limit, settings.spill) as database, _judge(database, delivery, settings) as judge:
        readable: dict[str, list[LandedFile]] = {}
        sound: dict[str, dict[str, str]] = {}
        privacy: dict[str, Rule | None] = {}
        for name, table in landing_contract().tables.items():
            given = delivery.files.get(name, ())
            landed = [inspect(database, file.path, file.arrived_on) for file in sorted(given, key=lambda file: file.name)]
            findings += partition_findings(name, table, delivery, landed)
            findings += repeat_findings(name, table, delivery, landed, history)
            readable[name] = [file for file in landed if file.unreadable is None]
            if readable[name]:
                findings += schema_findings(name, table, readable[name], settings)
                try:
                    columns = create_relation(database, name, readable[name])
                    sound[name] = sound_columns(table, columns, readable[name])
                    days = [file.arrived_on for file in readable[name]]
                    profiled = profile_days(database, name, table, sound[name], days)
                except DBAPIError as error:
                    sound.pop(name, None)
                    findings.append(_damaged(database, name, readable[name], error))
                    continue
                rows = sum(file.row_count for file in readable[name])
                privacy[name] = value_scan(columns, table.key, rows, published=False, advice=_PRIVACY_ADVICE)
                profiles += profiled
                findings += history_findings(name, table, profiled, history, settings)
        for name, columns in sound.items():
            table = landing_contract().tables[name]
            # Without rows every other rule holds: an empty table is a fact.
            if any(file.row_count for file in readable[name]):
                scan = privacy[name]
                rules = [*_value_rules(name, table, sound), *([scan] if scan else [])]
                findings += judge.judge(name, rules, table.key if table.key in columns else None)
    return gate_report("sources", delivery.last_night, findings).model_copy(update={"profiles": tuple(profiles)})


def _judge(database: GateDatabase, delivery: Delivery, settings: GateSettings) -> Judge:
    return Judge(database, delivery.last_night, settings, shapes_only=delivery.ids_rekeyed)


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
