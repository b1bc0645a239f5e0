"""dbt in process: the project parsed once, then any number of selections run against one warehouse.

Belongs here: dbt's programmatic interface. A process per call would cost seven seconds of start-up each time.
"""

import contextlib
import logging
import os
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, NamedTuple

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from expectations.rules import suites
from orchestration.settings import PROJECT_ROOT, Home, Target
from orchestration.spark.settings import SparkSettings
from orchestration.warehouse.parsed import digest_of_project, keep, take_up

_BAD = ("error", "fail", "runtime error")
_parsed: dict[Path, Manifest] = {}
_nightly: dict[Path, Manifest] = {}
_COLUMN_TESTS = ("not_null", "unique")
_WHERE = re.compile(r"^[\w ]+ in (model|test|seed) .*\n\s*")
"""The line of dbt's words that is of one node alone."""
_UNTOLD = ("debug", "test")
_LOG_BYTES = 10 * 1024 * 1024


class NodeRun(NamedTuple):
    """What became of one dbt node, in dbt's words; `failures` is how many rows were against a test, None of a model.

    It began and ended at no time where dbt did not come to run it.
    """

    unique_id: str
    status: str
    seconds: float
    began_at: datetime | None
    ended_at: datetime | None
    sql: str
    failures: int | None

    @property
    def is_bad(self) -> bool:
        """Whether it failed the run."""
        return self.status in _BAD


class TransformError(RuntimeError):
    """A dbt selection that failed; the message names each failed node and why, `nodes` are those that were run."""

    def __init__(self, message: str, nodes: Sequence[NodeRun] = ()) -> None:
        super().__init__(message)
        self.nodes = tuple(nodes)


def _common(target: Path, logs: Path) -> list[str]:
    return [
        "--project-dir", str(PROJECT_ROOT),
        "--profiles-dir", str(PROJECT_ROOT),
        "--target-path", str(target),
        "--log-path", str(logs),
        "--log-level", "none",
        "--log-level-file", "none",
    ]  # fmt: skip


@contextlib.contextmanager
def _log(logs: Path) -> Generator[Callable[[Any], None]]:
    """Write what dbt says to `dbt.log`. Its own log words all its debug events, twenty a node, before it drops them."""
    logs.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(RotatingFileHandler(logs / "dbt.log", maxBytes=_LOG_BYTES, backupCount=5, encoding="utf-8")) as log:
        log.setFormatter(logging.Formatter("%(asctime)s [%(levelname)-5s] %(message)s"))

        def write(event: Any) -> None:
            if event.info.level not in _UNTOLD:
                log.handle(logging.makeLogRecord({"levelname": event.info.level, "msg": event.info.msg}))

        yield write


@contextlib.contextmanager
def _profile(warehouse: str, memory_limit: str, target: Target) -> Generator[None]:
    """Set what `profiles.yml` reads."""
    settings = {"STILLWATCH_WAREHOUSE": warehouse, "STILLWATCH_MEMORY_LIMIT": memory_limit, "STILLWATCH_TARGET": target}
    if target == "spark":
        settings |= SparkSettings().environment
    before = {name: os.environ.get(name) for name in settings}
    os.environ |= settings
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def parse_project(home: Home) -> Manifest:
    """Parse the dbt project once per process, or take up what an earlier one parsed; TransformError when it does not parse."""
    folder = parsed_folder(home)
    if folder not in _parsed:
        _parsed[folder] = _parse(home, folder)
    return _parsed[folder]


def project_of_a_night(home: Home) -> Manifest:
    """Return the project without what no night runs, which dbt would sort and select among at every call.

    A night proves grains and conservation. Single columns are the gates' business and `make test`'s, as are unit tests and the
    tests of facts models, and grains that the mart gate proves.
    """
    folder = parsed_folder(home)
    if folder not in _nightly:
        digest = digest_of_project(home.target, Path(__file__))
        project = take_up(folder, digest)
        if project is None:
            whole = parse_project(home)
            nodes = {unique_id: node for unique_id, node in whole.nodes.items() if _is_of_a_night(node, whole.nodes)}
            project = Manifest(nodes=nodes, sources=whole.sources, macros=whole.macros, metadata=whole.metadata)
            keep(project, folder, digest)
            project.build_flat_graph()
        _nightly[folder] = project
    return _nightly[folder]


def _is_of_a_night(node: Any, nodes: Mapping[str, Any]) -> bool:
    if node.resource_type != "test":
        return True
    generic = getattr(node, "test_metadata", None)
    of_facts = node.original_file_path.startswith("models/intermediate/measurement/")
    is_elsewhere = generic and (generic.name in _COLUMN_TESTS or (generic.name == "grain" and _is_gated(node, nodes)))
    return not of_facts and not is_elsewhere


def _is_gated(grain: Any, nodes: Mapping[str, Any]) -> bool:
    """Whether the mart gate proves the same grain, on all rows: that of a mart without as-of dates."""
    suite = suites("marts").get(nodes[grain.attached_node].name)
    asked = set(grain.test_metadata.kwargs["columns"])
    return suite is not None and (suite.as_of_column, suite.nullable_grain) == (None, ()) and set(suite.grain) == asked


def parsed_folder(home: Home) -> Path:
    """Return where dbt keeps the project parsed for a target: in $STILLWATCH_PARSED, which homes may share, else in the home."""
    folder = Path(os.environ.get("STILLWATCH_PARSED") or home.dbt_target)
    return folder / "spark" if home.is_on_spark else folder


def _parse(home: Home, folder: Path) -> Manifest:
    # nothing is opened: a parsed project is that of any home, as long as the profile it was parsed with is the same
    with _profile("warehouse.duckdb", "1GB", home.target), _log(home.logs) as log:
        # its artifacts cost as much as the parse; who needs one makes it from what is returned
        result = dbtRunner(callbacks=[log]).invoke(["parse", "--no-write-json", *_common(folder, home.logs)])
    if not isinstance(result.result, Manifest):
        raise TransformError(f"the dbt project does not parse: {result.exception}; see {home.logs / 'dbt.log'}")
    return result.result


def rewind_columns(manifest: Manifest) -> dict[str, str]:
    """Return, per incremental relation (schema.name), the date column it is rewound by, from `meta.rewind_by`."""
    columns: dict[str, str] = {}
    for node in manifest.nodes.values():
        rewind_by = node.config.meta.get("rewind_by") if node.resource_type == "model" else None
        if rewind_by:
            columns[f"{node.schema}.{node.name}"] = str(rewind_by)
    return columns


def published_tables(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """Return the `meta.published` settings of every published mart by table name."""
    return {
        node.name: dict(node.config.meta["published"])
        for node in manifest.nodes.values()
        if node.resource_type == "model" and "published" in node.config.meta
    }


def code_hash(manifest: Manifest) -> str:
    """Return one hash over the code of every view and seed, and the numbers in it: while it stands, neither is built again."""
    digest = sha256((PROJECT_ROOT / "dbt_project.yml").read_bytes())
    for unique_id in sorted(manifest.nodes):
        node = manifest.nodes[unique_id]
        if node.resource_type == "seed" or node.config.get("materialized") == "view":
            digest.update(f"{unique_id} {node.checksum.checksum}\n".encode())
    for unique_id in sorted(manifest.macros):
        if unique_id.startswith("macro.stillwatch."):
            digest.update(manifest.macros[unique_id].macro_sql.encode())
    return digest.hexdigest()


def run_dbt(
    home: Home,
    command: Sequence[str],
    dates: tuple[date, date, date] | None,
    progress: Callable[[str], None] | None = None,
    project: Manifest | None = None,
) -> list[NodeRun]:
    """Run one dbt command in process; return what became of every node.

    `dates` are the first and last as-of date and the first arrival day, given to the models as vars; None keeps the
    project's own, which unit tests are written for. `project` is the part of the parsed project to choose from, the whole of it
    unless given.
    Raises TransformError when a node fails.
    """
    variables: list[str] = []
    if dates:
        as_of_from, as_of_to, arrived_from = dates
        variables = ["--vars", f"{{as_of_from: '{as_of_from}', as_of_to: '{as_of_to}', arrived_from: '{arrived_from}'}}"]
    manifest = project or parse_project(home)
    with _profile(str(home.warehouse), home.memory_limit, home.target), _log(home.logs) as log:
        common = ["--no-write-json", *_common(home.dbt_target, home.logs)]
        outcome = dbtRunner(manifest=manifest, callbacks=[log]).invoke([*command, *variables, *common])
        _close_connection()
    results = outcome.result.results if isinstance(outcome.result, RunExecutionResult) else []
    nodes = [_node_run(result) for result in results]
    failed = [result for result in results if str(result.status) in _BAD]
    if failed or not outcome.success:
        words = why_nodes_failed({result.node.name: (result.message or "").strip() for result in failed})
        raise TransformError(f"dbt failed. {words or outcome.exception}\nLog: {home.logs / 'dbt.log'}", nodes)
    if progress:
        progress(f"{len(results)} dbt nodes")
    return nodes


def why_nodes_failed(messages: Mapping[str, str]) -> str:
    """Say why each node failed, and what many nodes failed of once: a server that went away fails all that come after."""
    nodes: dict[str, list[str]] = {}
    for name, message in messages.items():
        nodes.setdefault(_WHERE.sub("", message), []).append(name)
    return "\n".join(f"{', '.join(names)}: {messages[names[0]] if len(names) == 1 else why}" for why, names in nodes.items())


def write_docs(home: Home, folder: Path, dates: tuple[date, date, date]) -> Path:
    """Write dbt's documentation of the project and of the working warehouse into a folder; return the page, one file.

    The dates are those of `run_dbt`. Raises TransformError when dbt cannot write it.
    """
    as_of_from, as_of_to, arrived_from = dates
    variables = f"{{as_of_from: '{as_of_from}', as_of_to: '{as_of_to}', arrived_from: '{arrived_from}'}}"
    with _profile(str(home.warehouse), home.memory_limit, home.target), _log(home.logs) as log:
        command = ["docs", "generate", "--static", "--vars", variables, *_common(folder, home.logs)]
        outcome = dbtRunner(manifest=parse_project(home), callbacks=[log]).invoke(command)
        _close_connection()
    page = folder / "static_index.html"
    if not outcome.success or not page.is_file():
        raise TransformError(f"dbt could not write its documentation: {outcome.exception}; see {home.logs / 'dbt.log'}")
    return page


def _node_run(result: Any) -> NodeRun:
    times = [time.replace(tzinfo=UTC) for each in result.timing for time in (each.started_at, each.completed_at) if time]
    return NodeRun(
        unique_id=result.node.unique_id,
        status=str(result.status),
        seconds=float(result.execution_time),
        began_at=min(times, default=None),
        ended_at=max(times, default=None),
        sql=getattr(result.node, "compiled_code", None) or "",
        failures=result.failures,
    )


def _close_connection() -> None:
    """Close the database dbt keeps open after a run in process: the steps between open it themselves."""
    with contextlib.suppress(Exception):
        DuckDBConnectionManager.env().close()
