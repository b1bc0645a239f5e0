import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from orchestration.adapters.edge_key import EdgeKey, write_new_edge_key
from orchestration.adapters.errors import AdapterError
from orchestration.cli import cli
from orchestration.fingerprints.families import Families, read_families, write_families
from orchestration.fingerprints.making import make_fingerprints

KEY = EdgeKey.model_validate({"key": "0f" * 32})
ROWS = [
    {"request_id": "r1", "prompt": "Translate 'canary one' to German.", "system_prompt": "Be brief.", "response": "canary reply"},
    {
        "request_id": "r2",
        "prompt": "Translate 'canary two' to German.",
        "response": "canary reply",
        "input_content": "",
        "notes": "x",
    },
    {"request_id": "r3", "prompt": ""},
]


def texts(folder: Path, name: str = "texts.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def test_equal_texts_have_equal_numbers_and_slots_do_not_count(tmp_path: Path) -> None:
    made = make_fingerprints(texts(tmp_path), tmp_path / "out.parquet", KEY)
    one, two, three = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (made.rows, made.templates, made.families) == (3, 1, None)
    assert one["request_id"] == KEY.text("request", "r1")
    assert one["prompt_hash"] == KEY.number("content", "Translate 'canary one' to German.")
    assert one["prompt_hash"] != two["prompt_hash"]
    assert one["prompt_template_hash"] == two["prompt_template_hash"]
    assert one["response_hash"] == two["response_hash"]
    assert one["system_prompt_hash"] == KEY.number("system_prompt", "Be brief.")
    assert (two["system_prompt_hash"], two["input_content_hash"]) == (None, None)
    assert (three["prompt_hash"], three["prompt_template_hash"]) == (None, None)


def test_parquet_gives_what_json_lines_give(tmp_path: Path) -> None:
    make_fingerprints(texts(tmp_path), tmp_path / "a.parquet", KEY)
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "texts.parquet")
    make_fingerprints(tmp_path / "texts.parquet", tmp_path / "b.parquet", KEY)
    assert pq.read_table(tmp_path / "a.parquet") == pq.read_table(tmp_path / "b.parquet")


def test_no_text_is_in_anything_that_is_written_or_said(tmp_path: Path) -> None:
    given = texts(tmp_path)
    write_new_edge_key(tmp_path / "edge.json")
    words = ["fingerprint", str(given), "--out", str(tmp_path / "out" / "a.parquet"), "--key", str(tmp_path / "edge.json")]
    told = CliRunner().invoke(cli, [*words, "--families", str(tmp_path / "families.parquet")], catch_exceptions=False)
    assert told.exit_code == 0
    assert "3 requests" in told.output
    given.unlink()
    for written in [told.output.encode(), *(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())]:
        assert b"canary" not in written
        assert b"German" not in written


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("canary {", "line 1: must be one JSON object"),
        ('["canary"]', "line 1: must be a JSON object with request_id and prompt"),
        ('{"request_id": "", "prompt": "canary"}', "request_id and prompt"),
        ('{"request_id": "r", "text": "canary"}', "request_id and prompt"),
    ],
)
def test_a_bad_line_is_named_and_not_repeated(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(AdapterError, match=words) as told:
        make_fingerprints(path, tmp_path / "out.parquet", KEY)
    assert "canary" not in str(told.value)
    assert told.value.__cause__ is None
    assert [file.name for file in tmp_path.iterdir()] == ["texts.jsonl"]


def test_fingerprints_are_never_overwritten(tmp_path: Path) -> None:
    make_fingerprints(texts(tmp_path), tmp_path / "out.parquet", KEY)
    with pytest.raises(AdapterError, match="never overwritten"):
        make_fingerprints(texts(tmp_path), tmp_path / "out.parquet", KEY)


FIRST = "you are an expert teacher. write a step by step solution of the following exercise and explain every step: <quoted>"
REWORDED = "you are an expert teacher. write a step by step solution of the following problem and explain every step: <quoted>"
OTHER = "list three capitals of countries in south america that begin with the letter given here: <quoted>"


def test_a_reworded_template_joins_its_family_and_another_does_not(tmp_path: Path) -> None:
    families = Families(KEY)
    assert families.family_of(FIRST, 1) == 1
    assert families.family_of(REWORDED, 2) == 1
    assert families.family_of(OTHER, 3) == 3


def test_families_are_the_same_after_they_were_kept(tmp_path: Path) -> None:
    families = Families(KEY)
    families.family_of(FIRST, 1)
    write_families(tmp_path / "families.parquet", families)
    kept = read_families(tmp_path / "families.parquet", KEY)
    assert kept.family_of(REWORDED, 2) == 1
    assert kept.family_of(OTHER, 3) == 3


def test_under_another_key_a_signature_tells_nothing(tmp_path: Path) -> None:
    families = Families(KEY)
    families.family_of(FIRST, 1)
    other = Families(EdgeKey.model_validate({"key": "f0" * 32}), families.signatures())
    assert other.family_of(FIRST, 2) == 2


def test_a_file_that_holds_no_families_is_named(tmp_path: Path) -> None:
    path = tmp_path / "families.parquet"
    path.write_bytes(b"nothing")
    with pytest.raises(AdapterError, match=r"families\.parquet must be the families"):
        read_families(path, KEY)
