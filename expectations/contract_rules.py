"""Rules that follow from the landing contract, derived at run time so that no fact stands twice.

Two kinds: schema findings about names and types, judged from footers alone, and value rules for the columns that are
sound in every file.
"""

import re
from collections.abc import Mapping, Sequence

from expectations.database import literal, quoted
from expectations.landing_files import LandedFile
from expectations.privacy import forbidden_as
from expectations.report import Finding, Severity, judged
from expectations.rules import Rule
from expectations.settings import GateSettings
from orchestration.contract import Column, ColumnType, Table, landing_contract

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_FITS_WITHOUT_LOSS: dict[ColumnType, frozenset[str]] = {
    "SMALLINT": frozenset({"TINYINT", "UTINYINT", "SMALLINT"}),
    "INTEGER": frozenset({"TINYINT", "UTINYINT", "SMALLINT", "USMALLINT", "INTEGER"}),
    "BIGINT": frozenset({"TINYINT", "UTINYINT", "SMALLINT", "USMALLINT", "INTEGER", "UINTEGER", "BIGINT"}),
}
_READ_AS: dict[ColumnType, str] = {
    "VARCHAR": r"VARCHAR|ENUM.*|UUID",
    "BOOLEAN": r"BOOLEAN",
    "TIMESTAMP": r"TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?",
    "DOUBLE": r"DOUBLE|FLOAT|DECIMAL.*|" + "|".join(_INTEGERS),
    "SMALLINT": "|".join(_INTEGERS),
    "INTEGER": "|".join(_INTEGERS),
    "BIGINT": "|".join(_INTEGERS),
}
_FULL = "Ask the provider to deliver the table again"
_ASIDE = "Up to the tolerated share such rows are quarantined; ask the provider"
_ID_ADVICE = f"{_ASIDE} how the value is made: ids are letters, digits and ._:/+=~|#@,- of ASCII, without two dots in a row."
_TEXT_ADVICE = f"{_ASIDE} to leave out characters of control and of no width."


def readable_as(declared: ColumnType, actual: str) -> bool:
    """Whether a Parquet column of DuckDB type `actual` can be read as `declared`; an all-NULL column always can.

    Integers of any width pass here: a value that does not fit is a fault of its row, not of the file.
    """
    return actual.strip('"') == "NULL" or re.fullmatch(_READ_AS[declared], actual) is not None


def schema_findings(name: str, table: Table, files: Sequence[LandedFile], settings: GateSettings) -> list[Finding]:
    """Judge column names and types of all readable files; `element_count` counts files with rows (or all, if none)."""
    judged_files = [file for file in files if file.row_count] or list(files)
    # A zero-row file is a fact whose writer often had no types to write: its schema is mentioned, never fatal.
    severity: Severity = "block" if any(file.row_count for file in files) else "warn"
    known = {column.name: column for column in table.columns}
    missing: list[str] = []
    mistyped: list[str] = []
    unknown: list[str] = []
    for file in judged_files:
        absent = [item.name for item in table.columns if item.required and item.name not in file.columns]
        missing += [f"no {column} in {file.shown}" for column in absent]
        mistyped += [
            f"{column} is {actual} instead of {known[column].type} in {file.shown}"
            for column, actual in file.columns.items()
            if column in known and not readable_as(known[column].type, actual)
        ]
        unknown += [f"{column} in {file.shown}" for column in file.written_names if column.lower() not in known]
    forbidden = sorted(
        {
            f"{column} ({what}) in {file.shown}"
            for file in files
            for column in file.written_names
            if column.lower() not in known and (what := forbidden_as(column)) is not None
        }
    )
    size = len(judged_files)
    return [
        _schema(
            name,
            "every required column is present",
            severity,
            faults=missing,
            file_count=size,
            advice=f"{_FULL} with these columns.",
        ),
        _schema(
            name,
            "every column has the contract's type",
            severity,
            faults=mistyped,
            file_count=size,
            advice=f"{_FULL} with the contract's types.",
        ),
        _schema(
            name,
            "no column is outside the contract",
            settings.unknown_columns,
            faults=unknown,
            file_count=size,
            advice="They are not loaded; ask the provider to leave them out or propose a new contract version.",
        ),
        _schema(
            name,
            "no column is named like personal data or prompt text",
            "block",
            faults=forbidden,
            file_count=len(files),
            advice="Remove the files from the landing folder, tell the provider, and take a delivery without them.",
        ),
    ]


def value_rules(table: Table, columns: Mapping[str, str]) -> list[Rule]:
    """Return the value rules for the sound `columns` (name to actual type): not NULL, fitting, in set, in range."""
    rules: list[Rule] = []
    for column in table.columns:
        if column.name in columns:
            rules += _column_rules(column, columns[column.name])
    if table.key in columns and table.delivery != "state":
        rules.append(_conflicts(table.key, [item.name for item in table.columns if item.name in columns]))
    return rules


def _schema(table: str, expectation: str, severity: Severity, *, faults: list[str], file_count: int, advice: str) -> Finding:
    return judged(
        table,
        expectation,
        severity=severity,
        success=not faults,
        advice=advice,
        observed=None if not faults else "; ".join(faults[:5]),
        element_count=file_count,
        examples=(),
    ).model_copy(update={"unexpected_count": len(faults), "examples": tuple(faults[:5])})


def _set_aside(column: str, words: str, condition: str, advice: str) -> Rule:
    """Return the rule that no row meets a condition, whose rows go to quarantine up to the tolerated share."""
    return Rule(
        name=f"{column} {words}",
        kind="never",
        column=column,
        condition=condition,
        tolerated_share="tolerated_share",
        advice=advice,
    )


def _column_rules(column: Column, actual: str) -> list[Rule]:
    name, is_typed = column.name, actual.strip('"') != "NULL"
    rules: list[Rule] = []
    if column.required:
        rules.append(
            Rule(
                name=f"{name} is never NULL",
                kind="not_null",
                column=name,
                tolerated_share="tolerated_share",
                advice=f"{_FULL} with {name} filled.",
            )
        )
    fitting = _FITS_WITHOUT_LOSS.get(column.type)
    if fitting is not None and is_typed and actual not in fitting:
        rules.append(
            _set_aside(
                name,
                f"fits {column.type}",
                f'"{name}" is not null and try_cast("{name}" as {column.type}) is null',
                f"{_FULL} with {name} written as {column.type} ({column.meaning})",
            )
        )
    if column.vocabulary is not None:
        rules.append(
            Rule(
                name=f"{name} is one of {', '.join(column.vocabulary)}",
                kind="in_set",
                column=name,
                value_set=column.vocabulary,
                tolerated_share="tolerated_share",
                advice=f"{_FULL} with the contract's values, or propose a new contract version.",
            )
        )
    if column.forbidden_characters is not None and is_typed:
        kind = "an id" if column.is_id else "plain text"
        rules.append(
            _set_aside(
                name,
                f"has only characters of {kind}",
                f"regexp_matches(cast({quoted(name)} as varchar), {literal(column.forbidden_characters)})",
                _ID_ADVICE if column.is_id else _TEXT_ADVICE,
            )
        )
    if column.type == "TIMESTAMP" and is_typed:
        contract = landing_contract()
        first, last = contract.first_moment, contract.last_moment
        rules.append(
            _set_aside(
                name,
                f"is between {first} and {last}",
                f"try_cast({quoted(name)} as timestamp) not between timestamp '{first}' and timestamp '{last}'",
                f"{_ASIDE} for the unit and the epoch of {name}.",
            )
        )
    if column.minimum is not None or column.maximum is not None:
        rules.append(
            Rule(
                name=f"{name} is {_range(column.minimum, column.maximum)}",
                kind="between",
                column=name,
                minimum=column.minimum,
                maximum=column.maximum,
                tolerated_share="tolerated_share",
                advice=f"{_FULL} with {name} in its range ({column.meaning.rstrip('.')}).",
            )
        )
    return rules


def _conflicts(key: str, columns: list[str]) -> Rule:
    """Copies of one key in one arrival day must agree; identical repeats are normal (delivery is at least once)."""
    row = ", ".join(f'"{name}"' for name in columns)
    return Rule(
        name=f"copies of one {key} in an arrival day are identical",
        kind="rows",
        columns=(key,),
        query=f"""
            select "{key}" as example from (select distinct _arrived_on, {row} from copies) as different
            group by "{key}", _arrived_on having count(*) > 1
        """,
        tolerated_share="tolerated_share",
        advice="Up to the tolerated share one copy is kept and the others are quarantined; find out why copies differ.",
    )


def _range(minimum: float | None, maximum: float | None) -> str:
    if minimum is None:
        return f"at most {maximum:g}"
    return f"at least {minimum:g}" if maximum is None else f"between {minimum:g} and {maximum:.0f}"
