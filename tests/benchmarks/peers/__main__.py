"""The same features by Polars, chDB, DataFusion and DuckDB, turn about on one day's Parquet.

Belongs here: the day they read, what is asked of whom in what order, and that every engine's rows are the same before any
second counts. Each question is put by a process of its own (`engine.py`), with the engine's own threads and what form of it
was found fastest there.
"""

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl

from orchestration.settings import PROJECT_ROOT

from .. import page
from ..command import emptied, parser_of
from ..traffic import Traffic

DAY = date(2026, 1, 1)
ENGINES = ("duckdb", "polars", "chdb", "datafusion")
QUESTIONS = {
    "cadence": "gaps between requests, per account-day",
    "concentration": "template and topic concentration, per account-day",
    # by address: of the traffic's prefixes nearly all are held by one account or by a crowd
    "network_links": "link candidates by network address, hubs cut",
    "template_links": "link candidates by rare template, hubs cut",
    "hour_distincts": "exact distincts of models, templates and networks, per account-hour",
    "hour_sums": "sums, per account-hour",
}
COLUMNS = (
    "cast(substr(account_id, 6) as integer) as account_key, requested_at, request_model, input_tokens, output_tokens, "
    "cache_read_input_tokens, http_status, prompt_template_hash, topic, ip_hash, ip_prefix_hash"
)
TIE = 0.2
"""Ratios so near to 1 are a tie: the machine is shared."""
NEAR = 1e-9
LONGEST = 600
"""Seconds after which an engine that does not answer is an error."""


class Difference(ValueError):
    """Two engines answered one question differently; the message says which and by how much."""


def deliver(folder: Path, requests: int) -> Path:
    """Write a day's Parquet in the columns that are asked for, accounts as integers; return its folder."""
    traffic = Traffic(landing=folder / "landing", accounts=max(200, requests // 17), requests=requests, first_day=DAY)
    traffic.deliver(DAY)
    day = folder / "day"
    day.mkdir()
    with duckdb.connect() as connection:
        for file in sorted((traffic.landing / "usage_requests" / f"arrived_on={DAY}").glob("*.parquet")):
            connection.execute(f"copy (select {COLUMNS} from '{file}') to '{day / file.name}' (format parquet, compression zstd)")
    shutil.rmtree(traffic.landing)
    return day


def ask(engine: str, question: str, day: Path, kept: Path | None = None) -> dict[str, float]:
    """Put a question in a process of its own and return its seconds; RuntimeError when the engine fails."""
    words = [sys.executable, "-m", "tests.benchmarks.peers.engine", engine, question, str(day), *([str(kept)] if kept else [])]
    told = subprocess.run(words, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=LONGEST)
    if told.returncode:
        raise RuntimeError(f"{engine} did not answer {question}: {told.stderr[-2000:]}")
    return json.loads(told.stdout.splitlines()[-1])


def same_rows(question: str, engine: str, found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """Raise Difference unless an engine's rows are DuckDB's: whole numbers exact, others to a billionth."""
    if sorted(found.columns) != sorted(expected.columns) or found.height != expected.height:
        raise Difference(f"{question}: {engine} has {found.height} rows of {found.columns}, duckdb {expected.height}")
    whole = [name for name, kind in expected.schema.items() if not kind.is_float()]
    left, right = (
        frame.select(pl.col(name).cast(pl.Int64 if name in whole else pl.Float64, strict=True) for name in expected.columns).sort(
            whole
        )
        for frame in (found, expected)
    )
    for name in expected.columns:
        nearest = 0.0 if name in whole else NEAR
        one, other = left[name], right[name]
        allowed = nearest * pl.select(pl.max_horizontal(one.abs(), other.abs(), pl.lit(1.0))).to_series()
        apart = int(((one - other).abs() > allowed).sum()) + int((one.is_null() != other.is_null()).sum())
        if apart:
            raise Difference(f"{question}: {engine} differs from duckdb in {name} in {apart} of {found.height} rows")


def verdict(ratio: float) -> str:
    """Say who is ahead by a peer's seconds over DuckDB's."""
    if ratio < 1 / (1 + TIE):
        return "**behind**"
    return "tied" if ratio <= 1 + TIE else "ahead"


def section(
    requests: int, rows: dict[str, int], walls: dict[tuple[str, str], list[dict[str, float]]], turns: int, command: str
) -> list[str]:
    """Return the lines of the page's section."""
    peers = ENGINES[1:]
    seconds = {asked: statistics.median(turn["wall"] for turn in told) for asked, told in walls.items()}
    processor = {asked: statistics.median(turn["processor"] for turn in told) for asked, told in walls.items()}
    table: list[tuple[str, ...]] = []
    busy: list[tuple[str, ...]] = []
    for question, words in QUESTIONS.items():
        ratios = [seconds[engine, question] / seconds["duckdb", question] for engine in peers]
        busy_ratios = [processor[engine, question] / processor["duckdb", question] for engine in peers]
        table.append(
            (
                words,
                f"{rows[question]:,}",
                f"{seconds['duckdb', question]:.2f}",
                *(f"{ratio:.2f}" for ratio in ratios),
                verdict(min(ratios)),
            )
        )
        busy.append((words, f"{processor['duckdb', question]:.2f}", *(f"{ratio:.2f}" for ratio in busy_ratios)))
    named = [f"{engine} {version(engine)}" for engine in peers]
    return [
        page.provenance(command, turns),
        "",
        f"One day of {requests:,} requests. A peer's seconds over those of DuckDB {version('duckdb')}: above 1, DuckDB is",
        "faster; within a fifth is a tie. Every engine's rows were the same before a second counted.",
        "",
        *page.table(("question", "rows", "DuckDB, seconds", *named, "DuckDB against the best"), table),
        "",
        "By processor seconds, which tell more where others use the machine:",
        "",
        *page.table(("question", "DuckDB, processor seconds", *named), busy),
    ]


def main(arguments: Sequence[str]) -> None:
    """Ask every engine everything and write the section of the page."""
    parser = parser_of("peers", turns=5)
    parser.add_argument("--requests", type=int, default=1_000_000, help="requests of the day")
    given = parser.parse_args(arguments)
    emptied(given.folder)
    day = deliver(given.folder, given.requests)
    rows: dict[str, int] = {}
    for question in QUESTIONS:
        answers: dict[str, pl.DataFrame] = {}
        for engine in ENGINES:
            kept = given.folder / f"{question}-{engine}.parquet"
            ask(engine, question, day, kept)
            answers[engine] = pl.read_parquet(kept)
            same_rows(question, engine, answers[engine], answers["duckdb"])
            kept.unlink()
        rows[question] = answers["duckdb"].height
        if not rows[question]:
            raise Difference(f"{question}: no rows in a day of {given.requests} requests, so that nothing is compared")
        print(f"{question}: all answer alike, {rows[question]} rows", flush=True)
    walls: dict[tuple[str, str], list[dict[str, float]]] = {
        (engine, question): [] for engine in ENGINES for question in QUESTIONS
    }
    for _ in range(given.turns):
        for question in QUESTIONS:
            for engine in ENGINES:
                walls[engine, question].append(ask(engine, question, day))
    command = f"python -m tests.benchmarks.peers --requests {given.requests} --turns {given.turns}"
    page.put("peers", section(given.requests, rows, walls, given.turns, command), given.out)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
