"""Files of exported report pages: every page of every file, wherever a page ends.

Belongs here: finding and reading the files. A page is the API's answer as it came; what its buckets say is the report's own.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.adapters.errors import AdapterError
from orchestration.adapters.usage_reports.buckets import Bucket

ENDINGS = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
Page = dict[str, Any]


def read_buckets(folder: Path, buckets_of: Callable[[Page, str], list[Bucket]], now: datetime) -> list[Bucket]:
    """Return the buckets of every page under a folder that had ended when their file was written, and by `now` (UTC).

    `buckets_of` is given a page and the file's name, which may say what report a page without a row belongs to. AdapterError
    names the file that holds no pages.
    """
    if not folder.is_dir():
        raise AdapterError(f"{folder} must be a folder of exported usage reports and does not exist")
    found: list[Bucket] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name.lower().endswith(ENDINGS)):
        written = min(now, datetime.fromtimestamp(path.stat().st_mtime, tz=UTC))
        name = path.relative_to(folder).as_posix()
        for page in _pages(path, name):
            try:
                found += [bucket for bucket in buckets_of(page, name) if bucket.ends_at <= written]
            except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, OSError) as error:
                # no cause: its words may repeat a value of the file
                raise AdapterError(
                    f"{name} must hold pages of a usage or costs report as the API gives them, and one of its buckets cannot be "
                    f"read ({type(error).__name__}): export it again"
                ) from None
    return found


def _pages(path: Path, name: str) -> Iterator[Page]:
    """Yield the pages of a file: one, a list of them, or one a line."""
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.name.endswith(".gz") else content).decode("utf-8")
        try:
            given = [json.loads(text, parse_float=Decimal)]
        except json.JSONDecodeError:
            given = [json.loads(line, parse_float=Decimal) for line in text.splitlines() if line.strip()]
    except (ValueError, OSError, EOFError) as error:
        raise AdapterError(
            f"{name} must hold pages of a usage report as JSON and cannot be read ({type(error).__name__}): export it again, or "
            "take it out of the folder"
        ) from None
    for page in (page for item in given for page in (item if isinstance(item, list) else [item])):
        if not isinstance(page, dict) or not isinstance(page.get("data"), list):
            raise AdapterError(
                f"{name} must hold pages of a usage report, each with a list `data` of buckets, and does not: keep the API's "
                "answer as it came"
            )
        yield page
