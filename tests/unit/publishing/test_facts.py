"""The facts of a release: what the estimators were given, and a query for the rows of every metric."""

from pathlib import Path

import duckdb
import polars as pl

from orchestration.measurement.facts import FACTS
from orchestration.publishing.facts import write_facts
from orchestration.reporting.metric_words import all_words
from tests.unit.measurement.facts import empty_facts


def test_equal_rows_give_equal_bytes_whatever_their_order_and_further_columns(tmp_path: Path) -> None:
    verdicts = {"first_verdict": ["benign", "violation"], "second_verdict": ["benign", "benign"]}
    given = pl.DataFrame({"lead_id": ["l2", "l1"], **verdicts, "decided_at": [None, None]})
    other = given.reverse().with_columns(account_key=pl.lit(7))
    for name, frame in (("one", given), ("two", other)):
        (tmp_path / name).mkdir()
        files = write_facts(empty_facts() | {"int_measurement__review_pairs": frame}, tmp_path / name)
        assert {file.model for file in files} == set(FACTS)
        assert next(file.rows for file in files if file.model == "int_measurement__review_pairs") == 2
    paths = [tmp_path / name / "facts" / "int_measurement__review_pairs.parquet" for name in ("one", "two")]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert pl.read_parquet(paths[1]).columns == list(FACTS["int_measurement__review_pairs"])


def test_every_metric_has_a_query_of_its_rows_that_runs(tmp_path: Path) -> None:
    write_facts(empty_facts(), tmp_path)
    with duckdb.connect() as connection:
        connection.execute("set file_search_path = ?", [str(tmp_path)])
        for words in all_words():
            assert words.rows in FACTS, words.metric
            assert words.rows_query is not None
            assert connection.execute(words.rows_query).fetchall() == [], words.metric
