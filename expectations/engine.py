"""Rules in, findings out: the one place where Great Expectations runs.

Great Expectations reads a cursor after its connection was closed, and duckdb-engine's rows go with the connection. Rows
are therefore buffered in SQLAlchemy's `after_cursor_execute` event. The library takes seconds to import and is imported
when the first table is judged; its analytics are switched off before.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from expectations.database import GateDatabase
from expectations.queries import fault_examples
from expectations.report import Finding, judged
from expectations.rules import Rule
from expectations.settings import GateSettings

if TYPE_CHECKING:
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

_READ_ERROR_ADVICE = "Look for a damaged file or a column of an odd type, and deliver it again."


class Judge:
    """Judges the views of one gate database. Close it with `with`: it holds a connection to that database."""

    def __init__(self, database: GateDatabase, as_of: date, settings: GateSettings) -> None:
        self._database = database
        self._as_of = as_of
        self._settings = settings
        self._source: SQLDatasource | None = None
        self._engine: Engine | None = None

    def __enter__(self) -> "Judge":
        return self

    def __exit__(self, *_: object) -> None:
        # Great Expectations opens two engines on the database; a connection left in either keeps its files attached.
        if self._source is not None:
            self._source.get_engine().dispose()
        if self._engine is not None:
            self._engine.dispose()

    def judge(self, table: str, rules: Sequence[Rule], key: str | None) -> list[Finding]:
        """Evaluate `rules` on the view `table` and return findings in the order of the rules.

        Column rules of a table share one aggregate statement. `key` names the column that tells which row is at fault.
        A rule that Great Expectations could not evaluate is a failed finding, never a pass.
        """
        if not rules:
            return []
        source = self._datasource()
        import great_expectations as gx  # noqa: PLC0415

        from expectations.translation import expectation  # noqa: PLC0415

        batch = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("night").get_batch()
        self._buffer_rows(batch.data.execution_engine.engine)  # pyright: ignore[reportAttributeAccessIssue]
        asked = [expectation(rule, place, self._as_of, self._settings) for place, rule in enumerate(rules)]
        suite = gx.ExpectationSuite(name=table, expectations=asked)
        outcome = batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
        results: dict[int, dict[str, Any]] = {}
        for item in outcome.results:
            result: dict[str, Any] = item.to_json_dict()  # pyright: ignore[reportAssignmentType]
            results[int(result["expectation_config"]["meta"]["place"])] = result
        findings = [finding for place, rule in enumerate(rules) for finding in self._findings(table, rule, results[place], key)]
        return _same_error_once(findings)

    def _datasource(self) -> "SQLDatasource":
        if self._source is None:
            os.environ["GX_ANALYTICS_ENABLED"] = "false"
            logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
            import great_expectations as gx  # noqa: PLC0415
            from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

            context = gx.get_context(mode="ephemeral")
            context.variables.progress_bars = ProgressBarsConfig(globally=False)
            self._source = context.data_sources.add_sql("gate", connection_string=self._database.url, create_temp_table=False)
        return self._source

    def _buffer_rows(self, engine: Engine) -> None:
        if engine is not self._engine:
            self._engine = engine
            event.listen(engine, "after_cursor_execute", buffer_rows)

    def _findings(self, table: str, rule: Rule, result: Mapping[str, Any], key: str | None) -> list[Finding]:
        error = _error(result)
        if error is not None:
            advice = _READ_ERROR_ADVICE
            return [judged(table, rule.name, severity="block", success=False, advice=advice, observed=error)]
        success, outcome = bool(result["success"]), result["result"]
        if rule.kind in ("rows", "scan"):
            rows = outcome["details"]["rows"] or [_nothing_found()]
            return [self._measured(table, rule, row) for row in rows]
        if rule.kind == "row_count":
            observed = int(outcome["observed_value"])
            return [judged(table, rule.name, severity=rule.severity, success=success, advice=rule.advice, observed=observed)]
        elements = int(outcome["element_count"] or 0) - int(outcome.get("missing_count") or 0)
        return [
            judged(
                table,
                rule.name,
                severity=rule.severity,
                success=success,
                advice=rule.advice,
                unexpected_count=int(outcome["unexpected_count"] or 0),
                element_count=elements,
                tolerated_share=self._settings.share(rule.tolerated_share),
                examples=() if success else self._examples(table, rule, key),
            )
        ]

    def _measured(self, table: str, rule: Rule, row: Mapping[str, Any]) -> Finding:
        tolerated = self._settings.share(rule.tolerated_share)
        unexpected, elements = int(row["unexpected_count"]), int(row["element_count"])
        name = f"{rule.name}, but {row['label']}" if row["label"] else rule.name
        return judged(
            table,
            name,
            severity=rule.severity,
            success=unexpected <= tolerated * elements,
            advice=rule.advice,
            unexpected_count=unexpected,
            element_count=elements,
            tolerated_share=tolerated,
            examples=tuple(str(example) for example in row["examples"] or ()),
        )

    def _examples(self, table: str, rule: Rule, key: str | None) -> tuple[str, ...]:
        query = fault_examples(table, rule, key)
        return tuple(str(row[0]) for row in self._database.rows(query)) if query else ()


def buffer_rows(_connection: object, cursor: Any, _statement: str, _parameters: object, context: Any, _executemany: bool) -> None:
    """Fetch the rows of a statement at once, so that they outlive their cursor (a SQLAlchemy event listener)."""
    if cursor.description:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
            cursor, alternate_description=cursor.description, initial_buffer=cursor.fetchall()
        )


def _nothing_found() -> dict[str, Any]:
    return {"label": "", "unexpected_count": 0, "element_count": 0, "examples": []}


def _error(result: Mapping[str, Any]) -> str | None:
    """Return the first line of what went wrong while evaluating, or None. One failed metric or several are reported."""
    information: dict[str, Any] = result.get("exception_info") or {}
    failures = [information, *(item for item in information.values() if isinstance(item, dict))]
    messages = sorted(str(item["exception_message"]) for item in failures if item.get("raised_exception"))
    return messages[0].split("\n", 1)[0] if messages else None


def _same_error_once(findings: list[Finding]) -> list[Finding]:
    """Keep the first of several findings whose evaluation failed with one and the same error: it is one event."""
    kept: list[Finding] = []
    seen: set[str] = set()
    for finding in findings:
        if not finding.success and _READ_ERROR_ADVICE in finding.message:
            if str(finding.observed) in seen:
                continue
            seen.add(str(finding.observed))
        kept.append(finding)
    return kept
