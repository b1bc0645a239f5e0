"""The table format of incremental models with two writers at once: nothing is lost, nothing is seen half."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from orchestration.spark.settings import SparkSettings
from orchestration.spark.statements import SparkError, Statements, statements
from tests.spark.cluster import Cluster

pytestmark = pytest.mark.spark

BATCH, BATCHES = 100, 6


@pytest.fixture
def session(spark_cluster: Cluster) -> Callable[[Callable[[Statements], None]], None]:
    """Do something in a session of its own."""

    def run(work: Callable[[Statements], None]) -> None:
        with statements(SparkSettings(port=spark_cluster.port)) as spark:
            work(spark)

    return run


def _made(spark: Statements, name: str) -> None:
    spark.run("create schema if not exists writers")
    spark.run(f"drop table if exists writers.{name} purge")
    spark.run(f"create table writers.{name} (day date, writer int, id bigint) using iceberg partitioned by (day)")


def test_two_writers_append_and_a_reader_sees_whole_batches(session: Callable[[Callable[[Statements], None]], None]) -> None:
    session(lambda spark: _made(spark, "appended"))
    seen: list[int] = []
    done = threading.Event()

    def append(writer: int) -> None:
        def work(spark: Statements) -> None:
            for batch in range(BATCHES):
                spark.run(
                    f"insert into writers.appended by name select date '2026-03-01' as day, {writer} as writer, "
                    f"id + {batch * BATCH} as id from range({BATCH})"
                )

        session(work)

    def read(spark: Statements) -> None:
        while not done.is_set():
            seen.append(spark.rows("select count(*) from writers.appended")[0][0])

    with ThreadPoolExecutor(3) as pool:
        reading = pool.submit(session, read)
        for writing in [pool.submit(append, writer) for writer in (1, 2)]:
            writing.result()
        done.set()
        reading.result()
    assert seen == sorted(seen) and all(count % BATCH == 0 for count in seen)

    def check(spark: Statements) -> None:
        counted = spark.rows("select writer, count(*), count(distinct id) from writers.appended group by writer order by writer")
        assert counted == [(writer, BATCH * BATCHES, BATCH * BATCHES) for writer in (1, 2)]

    session(check)


def test_of_two_that_replace_one_partition_one_stands_whole(session: Callable[[Callable[[Statements], None]], None]) -> None:
    """The later commit replaces the earlier one or is refused; no mixture of both is ever committed."""
    session(lambda spark: _made(spark, "replaced"))
    refused: list[str] = []

    def replace(writer: int) -> None:
        def work(spark: Statements) -> None:
            spark.run("set spark.sql.sources.partitionOverwriteMode=dynamic")
            for _ in range(3):
                try:
                    spark.run(
                        f"insert overwrite writers.replaced select date '2026-03-01', {writer}, id from range({BATCH * writer})"
                    )
                except SparkError as error:
                    refused.append(str(error))

        session(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(replace, (1, 2)))

    def check(spark: Statements) -> None:
        counted = spark.rows("select writer, count(*) from writers.replaced group by writer")
        assert counted in ([(1, BATCH)], [(2, 2 * BATCH)])

    session(check)
    assert all("conflict" in words.lower() or "commit" in words.lower() for words in refused), refused
