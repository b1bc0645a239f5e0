"""Rules as expectations of Great Expectations, and the one expectation of our own: a query that measures a share.

Importing this module imports Great Expectations, which takes seconds: `engine.py` alone imports it, when it judges.
"""

from datetime import date
from typing import Any, ClassVar

from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
from great_expectations.expectations.core.expect_table_row_count_to_be_between import ExpectTableRowCountToBeBetween
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from great_expectations.expectations.expectation import Expectation

from expectations.queries import measure_query
from expectations.rules import Rule
from expectations.settings import GateSettings


class ExpectShareOfUnexpectedRows(UnexpectedRowsExpectation):
    """Holds when every row of the query has unexpected_count <= tolerated_share x element_count.

    Departs from `UnexpectedRowsExpectation`, which fails on any returned row and runs each query twice.
    """

    tolerated_share: float = 0.0
    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        rows: list[dict[str, Any]] = metrics["unexpected_rows_query.table"]
        success = all(row["unexpected_count"] <= self.tolerated_share * row["element_count"] for row in rows)
        return {"success": success, "result": {"observed_value": len(rows), "details": {"rows": rows}}}


def expectation(rule: Rule, place: int, as_of: date, settings: GateSettings) -> Expectation:
    """Return the expectation of `rule`; `place` comes back in the result's meta and tells which rule it answers."""
    tolerated = settings.share(rule.tolerated_share)
    column = rule.column or ""
    mostly = round(1 - tolerated, 12)
    common: dict[str, Any] = {
        "meta": {"place": place},
        "severity": "critical" if rule.severity == "block" else "warning",
    }
    match rule.kind:
        case "not_null":
            return ExpectColumnValuesToNotBeNull(column=column, mostly=mostly, **common)
        case "in_set":
            return ExpectColumnValuesToBeInSet(column=column, value_set=list(rule.value_set), mostly=mostly, **common)
        case "between":
            return ExpectColumnValuesToBeBetween(
                column=column, min_value=rule.minimum, max_value=rule.maximum, mostly=mostly, **common
            )
        case "row_count":
            lowest = None if rule.minimum is None else int(rule.minimum)
            highest = None if rule.maximum is None else int(rule.maximum)
            return ExpectTableRowCountToBeBetween(min_value=lowest, max_value=highest, **common)
        case "rows" | "scan":
            query = measure_query(rule, as_of, settings)
            return ExpectShareOfUnexpectedRows(unexpected_rows_query=query, tolerated_share=tolerated, **common)
