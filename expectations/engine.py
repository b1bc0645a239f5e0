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

from expectations.database import GateDatabase, quoted
from expectations.landing_files import without_values
from expectations.privacy import shape_of
from expectations.queries import fault_examples, measure_query
from expectations.report import Finding, judged
from expectations.rules import Rule
from expectations.settings import GateSettings

if TYPE_CHECKING:
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

Measured = Mapping[str, Any]
"""One row of `queries.measure_query`."""
_NOTHING_FOUND: Measured = {"label": "", "unexpected_count": 0, "element_count": 0, "examples": [], "observed": None}
_JUDGED = "judged_table"
"""The view that stands for whichever table is being judged."""
_READ_ERROR_ADVICE = "Look for a damaged file or a column of an odd type, and deliver it again."


class Judge:
    """Judges the views of one gate database. Close it with `with`: it holds a connection to that database."""

    def __init__(self, database: GateDatabase, as_of: date, settings: GateSettings, *, shapes_only: bool = False) -> None:
        """`shapes_only` reduces every example to its shape: its values may not be told."""
        self._database = database
        self._as_of = as_of
        self._settings = settings
        self._shapes_only = shapes_only
        self._source: SQLDatasource | None = None
        self._engine: Engine | None = None
        self._batch: Batch | None = None

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

        All rules of a table are one statement. `key` names the column that tells which row is at fault. A rule that
        Great Expectations could not evaluate is a failed finding, never a pass; the others are then asked one by one.
        """
        if not rules:
            return []
        answer = self._ask(table, rules, key)
        if not isinstance(answer, str):
            return [
                finding for place, rule in enumerate(rules) for finding in self._findings(table, rule, answer.get(place), key)
            ]
        findings: list[Finding] = []
        for rule in rules:
            alone = self._ask(table, [rule], key)
            if isinstance(alone, str):
                advice = _READ_ERROR_ADVICE
                findings.append(judged(table, rule.name, severity="block", success=False, advice=advice, observed=alone))
            else:
                findings += self._findings(table, rule, alone.get(0), key)
        return _same_error_once(findings)

    def _ask(self, table: str, rules: Sequence[Rule], key: str | None) -> "dict[int, list[Measured]] | str":
        """Return what was measured for each rule by its place, or the first line of what went wrong."""
        source = self._datasource()
        import great_expectations as gx  # noqa: PLC0415

        from expectations.translation import ExpectRulesToHold  # noqa: PLC0415

        self._database.run(f"create or replace view {_JUDGED} as select * from {quoted(table)}")
        if self._batch is None:
            # one for all tables: Great Expectations writes out all assets as YAML, twice, whenever one is added
            asset = source.add_table_asset(_JUDGED, table_name=_JUDGED)
            self._batch = asset.add_batch_definition_whole_table("night").get_batch()
        batch = self._batch
        self._buffer_rows(batch.data.execution_engine.engine)  # pyright: ignore[reportAttributeAccessIssue]
        expected = ExpectRulesToHold(unexpected_rows_query=measure_query(table, rules, key, self._as_of, self._settings))
        outcome = batch.validate(gx.ExpectationSuite(name=table, expectations=[expected]), result_format="BASIC")
        result: dict[str, Any] = outcome.results[0].to_json_dict()  # pyright: ignore[reportAssignmentType]
        if (error := _error(result)) is not None:
            return error
        measured: dict[int, list[Measured]] = {}
        for row in result["result"]["details"]["rows"]:
            measured.setdefault(int(row["place"]), []).append(row)
        return measured

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

    def _findings(self, table: str, rule: Rule, rows: "Sequence[Measured] | None", key: str | None) -> list[Finding]:
        """Word what was measured for a rule; a scan that found nothing has no row and held."""
        return [self._finding(table, rule, row, key) for row in rows or [_NOTHING_FOUND]]

    def _finding(self, table: str, rule: Rule, row: "Measured", key: str | None) -> Finding:
        tolerated = self._settings.share(rule.tolerated_share)
        unexpected, elements = int(row["unexpected_count"]), int(row["element_count"])
        success = unexpected <= tolerated * elements
        examples = tuple(str(example) for example in row["examples"] or ())
        if not success and rule.column is not None:
            examples = self._examples(table, rule, key)
        if self._shapes_only:
            examples = tuple(shape_of(example) for example in examples)
        counted = rule.kind != "change"
        return judged(
            table,
            f"{rule.name}, but {row['label']}" if row["label"] else rule.name,
            severity=rule.severity,
            success=success,
            advice=rule.advice,
            unexpected_count=unexpected if counted else 0,
            element_count=elements if counted else 0,
            tolerated_share=tolerated,
            examples=examples,
            observed=row["observed"],
            limit=rule.limit,
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


def _error(result: Mapping[str, Any]) -> str | None:
    """Return the first line of what went wrong while evaluating, or None. One failed metric or several are reported."""
    information: dict[str, Any] = result.get("exception_info") or {}
    failures = [information, *(item for item in information.values() if isinstance(item, dict))]
    messages = sorted(str(item["exception_message"]) for item in failures if item.get("raised_exception"))
    return without_values(messages[0].split("\n", 1)[0]) if messages else None


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
