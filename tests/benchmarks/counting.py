"""What a night does, counted and not timed: the same on every machine, so that a test can hold it.

Belongs here: dbt nodes, the rows and landing files that their statements read as DuckDB's profile tells, and what a release
writes anew.
"""

import json
import re
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
from pydantic import BaseModel, ConfigDict, Field

from orchestration.warehouse import transform

_NODE = re.compile(r'"node_id": "(?P<node>[^"]+)"')


class Done(BaseModel):
    """What the dbt nodes of a run did, by their unique ids: times run, rows scanned by all their statements, files read."""

    model_config = ConfigDict(extra="forbid")

    nodes: Counter[str] = Field(default_factory=Counter)
    rows: Counter[str] = Field(default_factory=Counter)
    files: Counter[str] = Field(default_factory=Counter)


@contextmanager
def counted(folder: Path) -> Generator[Done]:
    """Count what dbt does in this process while the block lasts; `folder` takes DuckDB's own print of its profiles."""
    done = Done()
    settings = (f"profiling_output = '{folder / 'profile.txt'}'", "profiling_coverage = 'ALL'", "enable_profiling = 'json'")
    execute, run_dbt = DuckDBCursorWrapper.execute, transform.run_dbt

    def profiled(wrapper: DuckDBCursorWrapper, sql: str, bindings: Any = None) -> Any:
        node = _NODE.search(sql)
        if not node:
            return execute(wrapper, sql, bindings)
        for setting in settings:
            execute(wrapper, f"set {setting}")
        outcome = execute(wrapper, sql, bindings)
        profile = json.loads(wrapper.get_profiling_information(format="json"))
        # a statement that only asks for the columns of a query runs nothing
        if "query" in profile:
            done.rows[node["node"]] += profile["query"]["total_rows_scanned"]
            done.files[node["node"]] += sum(_files(profile["operator"]))
        return outcome

    def counting(*given: Any, **named: Any) -> Any:
        results = run_dbt(*given, **named)
        done.nodes.update(node.unique_id for node in results)
        return results

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DuckDBCursorWrapper, "execute", profiled)
        patched.setattr(transform, "run_dbt", counting)
        yield done


def _files(operators: list[dict[str, Any]]) -> Generator[int]:
    for operator in operators:
        yield int(operator["extra_info"].get("Total Files Read", 0))
        yield from _files(operator.get("children", []))


def written_bytes(release: Path) -> int:
    """Return the bytes of a release that no earlier one holds: what is linked from one costs a name."""
    files = [path.stat() for path in release.rglob("*") if path.is_file()]
    return sum(file.st_size for file in files if file.st_nlink == 1)
