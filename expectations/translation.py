"""The rules of a table as one expectation of Great Expectations: a query that measures them all in few scans.

Importing this module imports Great Expectations, which takes seconds: `engine.py` alone imports it, when it judges.
"""

from typing import Any, ClassVar

from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation


class ExpectRulesToHold(UnexpectedRowsExpectation):
    """Holds when every row of the query has unexpected_count <= tolerated_share x element_count.

    Departs from `UnexpectedRowsExpectation`, which fails on any returned row and runs each query twice.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        rows: list[dict[str, Any]] = metrics["unexpected_rows_query.table"]
        success = all(row["unexpected_count"] <= row["tolerated_share"] * row["element_count"] for row in rows)
        return {"success": success, "result": {"observed_value": len(rows), "details": {"rows": rows}}}
