"""Answers of a release as files and streams: CSV, JSON lines and Parquet.

Belongs here: one query, its rows in the format that is asked for. Everything is read from a published release.
"""

import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO, Literal

import duckdb

from orchestration.publishing.reading import QueryError, open_release

AnswerFormat = Literal["csv", "jsonl", "parquet"]
ENDINGS: dict[str, AnswerFormat] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
_OPTIONS: dict[AnswerFormat, str] = {
    "csv": "format csv, header",
    "jsonl": "format json",
    "parquet": "format parquet, compression zstd",
}


def format_of(out: Path) -> AnswerFormat:
    """Return the format that a file's ending names; QueryError when it names none."""
    found = ENDINGS.get(out.suffix.lower())
    if found is None:
        raise QueryError(f"{out} must end in {', '.join(ENDINGS)}, or --format must say what to write")
    return found


def write_answer(release: Path, sql: str, out: Path, kind: AnswerFormat) -> int:
    """Write a query's rows to a file in one step and return their number; QueryError when the query or the place is wrong.

    A file that is there is replaced; when the query fails it stays as it was.
    """
    draft = out.with_name(f".{out.name}.draft").resolve()
    with open_release(release) as connection:
        try:
            statement = f"copy ({_one(sql)}\n) to '{str(draft).replace(chr(39), chr(39) * 2)}' ({_OPTIONS[kind]})"
            [(count,)] = connection.execute(statement).fetchall()
            draft.replace(out)
        except duckdb.Error as error:
            raise QueryError(f"the query failed: {error}") from error
        except OSError as error:
            raise QueryError(f"{out} cannot be written: {error.strerror}") from error
        finally:
            draft.unlink(missing_ok=True)
    return int(count)


def stream_answer(release: Path, sql: str, to: BinaryIO, kind: AnswerFormat) -> None:
    """Write a query's rows to a stream, nothing of them when the query fails; QueryError as `write_answer`."""
    if kind == "parquet":
        raise QueryError("Parquet must be written to a file: name one with --out")
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer"
        write_answer(release, sql, answer, kind)
        with answer.open("rb") as rows:
            shutil.copyfileobj(rows, to)


def _one(sql: str) -> str:
    """Return a query without the semicolon at its end, which would end the statement around it."""
    return sql.strip().rstrip(";")
