"""JSON texts in files: parts of bounded size, texts of one line or one file, and what cannot be read."""

import gzip
from pathlib import Path

import pytest

from orchestration.adapters import json_texts
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.json_texts import SCHEMA, read_texts


def write(folder: Path, text: str, name: str = "a.json") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def texts(*paths: Path) -> list[tuple[int, bool, str]]:
    return [(row["line"], row["finished"], row["json"].strip()) for part in read_texts(paths) for row in part.to_pylist()]


def test_lines_are_texts_and_blank_ones_none(tmp_path: Path) -> None:
    path = write(tmp_path, '{"a":1}\n\n{"b":2}\n{"c"')
    assert texts(path) == [(1, True, '{"a":1}'), (3, True, '{"b":2}'), (4, False, '{"c"')]


@pytest.mark.parametrize("text", ['[{"a":1},\n{"b":2}]', '{\n  "a": 1\n}', '[\n{"a":1}\n]\n'])
def test_a_list_or_a_text_laid_out_is_one(tmp_path: Path, text: str) -> None:
    assert [found for _, _, found in texts(write(tmp_path, text))] == [text.strip()]


def test_parts_are_bounded_and_hold_every_text_once(tmp_path: Path) -> None:
    lines = [f'{{"n":{number}}}' for number in range(1000)]
    paths = [write(tmp_path, "\n".join(lines) + "\n", name) for name in ("a.json", "b.json")]
    parts = list(read_texts(paths, part_bytes=500))
    assert [found for part in parts for found in part["json"].to_pylist()] == lines * 2
    assert max(sum(map(len, part["json"].to_pylist())) for part in parts) < 500 + 20
    assert all(part.schema == SCHEMA for part in parts)


def test_a_compressed_file_reads_as_the_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(b'{"a":1}\n{"b":2}\n'))
    assert [found for _, _, found in texts(path)] == ['{"a":1}', '{"b":2}']


def test_a_byte_that_is_no_text_costs_no_line(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'{"a":"\xff"}\n')
    assert texts(path) == [(1, True, '{"a":"�"}')]


def test_a_text_that_is_too_large_is_refused_by_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_texts, "LARGEST_TEXT", 50)
    path = write(tmp_path, '{"a":1}\n{"a":"' + "x" * 60 + '"}\n')
    with pytest.raises(AdapterError, match=r"a\.json must hold JSON texts of at most 50 bytes, and that of line 2"):
        texts(path)
