"""Large exports: one line of 50 MB, and many lines, land in little memory."""

import json
from pathlib import Path

import pytest

from .spans import NOON, Provider, Span, otlp, request, write_lines

LINE_BYTES = 50 * 1024 * 1024


def with_content(number: int, size: int) -> Span:
    return request(number, start=NOON + number * 1000, gen_ai__input__messages="x" * size)


def limited(folder: Path, memory: str) -> Provider:
    provider = Provider(folder)
    given = json.loads(provider.sources.read_text(encoding="utf-8"))
    provider.sources.write_text(json.dumps(given | {"memory_limit": memory}), encoding="utf-8")
    return provider


@pytest.mark.slow
def test_a_line_of_50_megabytes_lands(tmp_path: Path) -> None:
    provider = limited(tmp_path, "1200MB")
    count = 24_000
    size = LINE_BYTES // count - len(json.dumps(otlp([request()])))
    path = write_lines(tmp_path, [with_content(number, size + 300) for number in range(count)])
    assert path.stat().st_size > LINE_BYTES
    assert sum(provider.land().rows["usage_requests"].values()) == count


@pytest.mark.slow
def test_many_lines_need_no_more_memory_than_what_lands_of_them(tmp_path: Path) -> None:
    provider = limited(tmp_path, "300MB")
    path = write_lines(tmp_path, *([with_content(line * 50 + number, 20_000) for number in range(50)] for line in range(500)))
    assert path.stat().st_size > 500 * 1000 * 1000
    assert sum(provider.land().rows["usage_requests"].values()) == 25_000
