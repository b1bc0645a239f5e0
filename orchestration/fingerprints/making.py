"""Fingerprints of a file of requests: keyed hashes of its texts, one row per request.

Belongs here: which text becomes which column of the landing contract. Texts are read row by row and never written, logged or
repeated in an error.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from orchestration.adapters.edge_key import EdgeKey
from orchestration.adapters.errors import AdapterError
from orchestration.contract import landing_contract
from orchestration.fingerprints.families import Families
from orchestration.fingerprints.masking import template_of

TEXTS = {
    "prompt": "prompt_hash",
    "input_content": "input_content_hash",
    "response": "response_hash",
    "graded_content": "graded_content_hash",
    "system_prompt": "system_prompt_hash",
}
"""The texts of a request that are read, with the column each becomes; all but `prompt` may be absent."""
TEMPLATE = "prompt_template_hash"
MESSAGES = "input_message_count"
"""May stand beside the texts and is taken as it is: whoever holds the texts can count them."""
FILLED = frozenset({*TEXTS.values(), TEMPLATE, MESSAGES})
"""Columns of usage_requests that fingerprints fill."""
BATCH = 20_000


class Made(BaseModel):
    """What was made: rows, templates met, and families of them where families were asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    templates: int
    families: int | None


def make_fingerprints(texts: Path, out: Path, key: EdgeKey, families: Families | None = None) -> Made:
    """Write to `out` (Parquet) the fingerprints of the requests in `texts`, Parquet or JSON lines with `request_id` and `TEXTS`.

    Columns are the keyed `request_id`, those of `TEXTS`, `input_message_count` where it is given, and `prompt_template_hash`,
    which is the family's number where `families` is given. Raises AdapterError when the file cannot be read, when a row has no
    request or when `out` exists.
    """
    if out.exists():
        raise AdapterError(f"{out} exists; fingerprints are never overwritten, name another file")
    usage = landing_contract().tables["usage_requests"]
    kinds = {column: str(usage.column(column).id_kind) for column in (*TEXTS.values(), TEMPLATE)}
    schema = pa.schema([("request_id", pa.string()), *((column, pa.int64()) for column in kinds), (MESSAGES, pa.int32())])
    templates: dict[str, int] = {}
    count = 0
    draft = out.with_name(f".{out.name}.draft")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with pq.ParquetWriter(draft, schema) as writer:
            for rows in _batches(texts):
                made = [_fingerprint(row, key, kinds, templates, families) for row in rows]
                writer.write_table(pa.Table.from_pylist(made, schema=schema))
                count += len(made)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return Made(rows=count, templates=len(templates), families=len(set(templates.values())) if families else None)


def _fingerprint(
    row: Mapping[str, Any], key: EdgeKey, kinds: Mapping[str, str], templates: dict[str, int], families: Families | None
) -> dict[str, str | int | None]:
    messages = row.get(MESSAGES)
    made: dict[str, str | int | None] = {
        "request_id": key.text("request", str(row["request_id"])),
        MESSAGES: messages if isinstance(messages, int) and 0 <= messages < 2**31 else None,
    }
    for text, column in TEXTS.items():
        value = row.get(text)
        made[column] = key.number(kinds[column], str(value)) if value not in (None, "") else None
    prompt = row.get("prompt")
    if prompt in (None, ""):
        return made | {TEMPLATE: None}
    template = template_of(str(prompt))
    if template not in templates:
        number = key.number(kinds[TEMPLATE], template)
        templates[template] = families.family_of(template, number) if families else number
    return made | {TEMPLATE: templates[template]}


def _batches(texts: Path) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the rows of a file, so many at a time; the error of a bad row tells its place and not what it holds."""
    if texts.suffix == ".parquet":
        yield from _parquet_batches(texts)
        return
    rows: list[Mapping[str, Any]] = []
    try:
        lines = texts.open(encoding="utf-8")
    except OSError as error:
        raise AdapterError(f"{texts} must be a Parquet or JSON-lines file of requests and cannot be opened") from error
    with lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                rows.append(_row_of(line, f"{texts}, line {number}"))
            if len(rows) == BATCH:
                yield rows
                rows = []
    yield rows


def _parquet_batches(texts: Path) -> Iterator[list[Mapping[str, Any]]]:
    try:
        file = pq.ParquetFile(texts)
    except (OSError, pa.ArrowInvalid) as error:
        raise AdapterError(f"{texts} must be a Parquet or JSON-lines file of requests and cannot be opened") from error
    taken = [name for name in ("request_id", *TEXTS, MESSAGES) if name in file.schema_arrow.names]
    missing = [name for name in ("request_id", "prompt") if name not in taken]
    if missing:
        raise AdapterError(f"{texts} must have the columns request_id and prompt; {' and '.join(missing)} is missing")
    for number, batch in enumerate(file.iter_batches(BATCH, columns=taken)):
        rows = batch.to_pylist()
        if any(row["request_id"] in (None, "") for row in rows):
            raise AdapterError(f"{texts} must name a request in each row; one of rows {number * BATCH + 1} and on has none")
        yield rows


def _row_of(line: str, place: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        # no cause: it would hold the line
        raise AdapterError(f"{place}: must be one JSON object a line and is not") from None
    if not isinstance(row, dict) or row.get("request_id") in (None, "") or "prompt" not in row:
        raise AdapterError(f"{place}: must be a JSON object with request_id and prompt")
    return row
