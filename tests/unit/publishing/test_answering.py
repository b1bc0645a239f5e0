import io
import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import cli
from orchestration.publishing.answering import format_of, stream_answer, write_answer
from orchestration.publishing.reading import QueryError

ROWS = "select 1 as n, 'a,\"b' as word, [1, 2] as list union all select 2, null, null order by n;"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "published" / "2026-01-01-000000000000"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        connection.execute("create table scores as select range as n from range(3)")
    (folder.parent / "current").symlink_to(folder.name)
    return folder


def test_a_query_is_csv_json_lines_or_parquet(release: Path, tmp_path: Path) -> None:
    for ending in ("csv", "jsonl", "parquet"):
        out = tmp_path / f"answer's.{ending}"
        assert write_answer(release, ROWS, out, format_of(out)) == 2
    assert (tmp_path / "answer's.csv").read_text() == 'n,word,list\n1,"a,""b","[1, 2]"\n2,,\n'
    lines = [json.loads(line) for line in (tmp_path / "answer's.jsonl").read_text().splitlines()]
    assert lines == [{"n": 1, "word": 'a,"b', "list": [1, 2]}, {"n": 2, "word": None, "list": None}]
    assert duckdb.read_parquet(str(tmp_path / "answer's.parquet")).fetchall() == [(1, 'a,"b', [1, 2]), (2, None, None)]


def test_a_query_that_begins_with_its_tables_is_understood(release: Path, tmp_path: Path) -> None:
    assert write_answer(release, "with low as (from scores where n < 2) from low -- few", tmp_path / "a.csv", "csv") == 2


def test_a_failed_query_leaves_the_file_that_was_there(release: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    out.write_text("before")
    with pytest.raises(QueryError, match="the query failed"):
        write_answer(release, "select * from nowhere", out, "csv")
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "home"]


def test_two_statements_are_no_query(release: Path, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="the query failed"):
        write_answer(release, "select 1; select 2", tmp_path / "a.csv", "csv")


def test_a_stream_gets_rows_but_no_parquet(release: Path) -> None:
    stream = io.BytesIO()
    stream_answer(release, "from scores order by n", stream, "csv")
    assert stream.getvalue() == b"n\n0\n1\n2\n"
    with pytest.raises(QueryError, match="--out"):
        stream_answer(release, "from scores", stream, "parquet")


def test_an_ending_that_names_no_format_is_refused() -> None:
    with pytest.raises(QueryError, match=r"must end in \.csv"):
        format_of(Path("answer.xlsx"))


def test_a_place_that_cannot_be_written_is_named(release: Path, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="nowhere"):
        write_answer(release, "from scores", tmp_path / "nowhere" / "a.csv", "csv")


def test_the_command_reads_files_and_writes_them(release: Path, tmp_path: Path) -> None:
    home = ["--home", str(tmp_path / "home")]
    (tmp_path / "mine.sql").write_text("from scores where n > 0")
    words = ["query", "--file", str(tmp_path / "mine.sql"), "--out", str(tmp_path / "mine.parquet"), *home]
    assert "Wrote 2 rows" in CliRunner().invoke(cli, words, catch_exceptions=False).output
    told = CliRunner().invoke(cli, ["query", "from scores order by n", "--format", "jsonl", *home], catch_exceptions=False)
    assert told.output == '{"n":0}\n{"n":1}\n{"n":2}\n'
    assert "give one query" in CliRunner().invoke(cli, ["query", *home]).output
