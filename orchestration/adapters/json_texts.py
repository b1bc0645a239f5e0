"""JSON texts in files, a bounded part at a time: one a line, or a file that is one text.

Belongs here: telling the two apart, and texts that are cut short or broken. What a text means is said by the SQL that unpacks it.
"""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa

from orchestration.adapters.errors import AdapterError

LARGEST_TEXT = 256 * 1024 * 1024
"""Bytes of one JSON text; a batch of spans is one."""
PART_BYTES = 16 * 1024 * 1024
"""Bytes of the texts that are handed on together, unless one is larger."""
CHUNK_BYTES = 2 * 1024 * 1024
"""Bytes of the texts that one thread works on."""
SCHEMA = pa.schema([("file", pa.string()), ("line", pa.int64()), ("finished", pa.bool_()), ("json", pa.large_string())])


def read_texts(paths: Sequence[Path], part_bytes: int = PART_BYTES) -> Iterator[pa.Table]:
    """Return the texts of files part by part (`SCHEMA`); `finished` is whether a line ends as lines do.

    AdapterError, naming file and line, for a text that is larger than any may be and for a file that cannot be read.
    """
    chunks: list[pa.RecordBatch] = []
    rows: list[tuple[str, int, bool, str]] = []
    held = chunk = 0
    for path in paths:
        for line, text in _texts(path):
            rows.append((str(path), line, text.endswith(b"\n"), text.strip().decode("utf-8", errors="replace")))
            held, chunk = held + len(text), chunk + len(text)
            if chunk >= CHUNK_BYTES or held >= part_bytes:
                chunks.append(_chunk(rows))
                rows, chunk = [], 0
            if held >= part_bytes:
                yield pa.Table.from_batches(chunks)
                chunks, held = [], 0
    if rows:
        chunks.append(_chunk(rows))
    if chunks:
        yield pa.Table.from_batches(chunks)


def _chunk(rows: Sequence[tuple[str, int, bool, str]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.record_batch([pa.array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


def _texts(path: Path) -> Iterator[tuple[int, bytes]]:
    """Return the texts of a file with the line they begin on; blank lines are none."""
    try:
        with _opened(path) as lines:
            line = 0
            while text := lines.readline(LARGEST_TEXT + 1):
                line += 1
                # a list, or a text laid out for people: the file is one text
                if line == 1 and (text.lstrip()[:1] == b"[" or text.strip() == b"{"):
                    text += lines.read(LARGEST_TEXT + 1 - len(text))
                if len(text) > LARGEST_TEXT:
                    raise AdapterError(
                        f"{path} must hold JSON texts of at most {LARGEST_TEXT:,} bytes, and that of line {line} is larger: have "
                        "the exporter write smaller batches, one a line"
                    )
                if text.strip():
                    yield line, text
    except (OSError, EOFError, zlib.error) as error:
        raise AdapterError(
            f"{path} must be readable to its end and is not ({type(error).__name__}): is it still being written, or was it cut "
            "short when it was copied?"
        ) from error


def _opened(path: Path) -> IO[bytes]:
    # readline of a compressed file is one of its own
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")  # pyright: ignore[reportReturnType]
