"""Statements to Spark: what is sent, and what is said when it goes wrong."""

import sys
from datetime import date
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from orchestration.spark.parquet_paths import parquet
from orchestration.spark.settings import REQUIRED, SparkSettings
from orchestration.spark.statements import SparkError, literal, statements
from tests.unit.spark.cursor import remembering


def test_a_refused_statement_is_told_with_sparks_first_words() -> None:
    """The rest is a stack of Java's."""
    spark, _ = remembering(failures={"drop": "no such table\n\tat org.apache.spark.Thing\n\tat more"})
    with pytest.raises(SparkError) as refused:
        spark.run("drop table main.x")
    assert str(refused.value) == "Spark refused a statement: no such table\nStatement: drop table main.x"


def test_only_a_missing_table_may_be_passed_over() -> None:
    spark, cursor = remembering(failures={"main.x": "[TABLE_OR_VIEW_NOT_FOUND] main.x", "main.y": "[DIVIDE_BY_ZERO]"})
    spark.run("delete from main.x", unless_missing=True)
    assert cursor.told == ["delete from main.x"]
    with pytest.raises(SparkError, match="DIVIDE_BY_ZERO"):
        spark.run("delete from main.y", unless_missing=True)


def test_columns_end_where_partitions_are_described() -> None:
    described = [("d", "date", None), ("id", "bigint", None), ("# Partition Information", "", ""), ("d", "date", None)]
    spark, _ = remembering({"describe table main.t": described})
    assert spark.columns("main.t") == {"d": "date", "id": "bigint"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "'plain'"),
        ("it's", "'it\\'s'"),
        ("back\\slash", "'back\\\\slash'"),
        (date(2026, 3, 1), "date '2026-03-01'"),
    ],
)
def test_literals_are_escaped_as_spark_reads_them(value: str | date, written: str) -> None:
    assert literal(value) == written


def test_paths_are_no_patterns() -> None:
    assert parquet([Path("/a/b")]) == "parquet.`/a/b`"
    assert parquet([Path("/a/{b}*/x"), Path("/a/c,d`")]) == "parquet.`/a/{\\{b\\}\\*/x,c\\,d``}`"


def test_no_server_is_said_with_where_it_was_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        @staticmethod
        def connect(**_: object) -> None:
            raise ConnectionRefusedError("refused")

    monkeypatch.setitem(sys.modules, "pyhive", Client)  # pyright: ignore[reportArgumentType]
    monkeypatch.setitem(sys.modules, "pyhive.hive", Client)  # pyright: ignore[reportArgumentType]
    words = r"no Spark Thrift server answers at spark\.example:10001 \(refused\): start it, or set"
    with pytest.raises(SparkError, match=words), statements(SparkSettings(host="spark.example", port=10001)):
        pass


def test_packages_that_are_missing_are_named_by_their_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyhive", None)  # pyright: ignore[reportArgumentType]
    monkeypatch.delitem(sys.modules, "pyhive.hive", raising=False)
    with pytest.raises(SparkError, match="uv sync --group spark"), statements():
        pass


def test_the_page_on_scale_says_what_a_server_must_be_set_to() -> None:
    page = (PROJECT_ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    settings = page.split("### Settings", 1)[1].split("```ini\n", 1)[1].split("```", 1)[0]
    assert dict(line.split(" = ") for line in settings.splitlines()) == REQUIRED
