"""Every house macro that engines have each their own of: on both, the values that it should give.

Belongs here: `macro_cases.py` and drawn numbers, on DuckDB and in a local Spark session. Whole models are test_models.py's.
"""

import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from dbt.cli.main import dbtRunner

from orchestration.settings import PROJECT_ROOT
from tests.spark.each_model import session
from tests.spark.macro_cases import CASES, READ_REASONS, REASONS

pytestmark = pytest.mark.spark

_NEXT = "\n-- the next query\n"
Ask = Callable[[str], list[tuple[Any, ...]]]


def _rendered(queries: Sequence[str], target: str, folder: Path) -> list[str]:
    """Return queries as dbt renders them for a target."""
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("STILLWATCH_TARGET", target)
        settings.setenv("STILLWATCH_SPARK_METHOD", "session")
        settings.setenv("STILLWATCH_WAREHOUSE", str(folder / "macros.duckdb"))
        outcome = dbtRunner().invoke(
            ["compile", "--inline", _NEXT.join(queries), "--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT),
             "--target-path", str(folder / target), "--log-path", str(folder / target), "--quiet"]
        )  # fmt: skip
    if not outcome.success:
        raise RuntimeError(str(outcome.exception))
    return outcome.result.results[0].node.compiled_code.split(_NEXT.strip())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("macros")


@pytest.fixture(scope="module")
def engines(folder: Path) -> Iterator[dict[str, Ask]]:
    """Both engines, each as what it answers a rendered query."""
    spark = session(folder)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield {
            "duckdb": lambda sql: connection.execute(sql).fetchall(),
            "spark": lambda sql: [tuple(row) for row in spark.sql(sql).collect()],
        }


@pytest.fixture(scope="module")
def answers(engines: dict[str, Ask], folder: Path) -> dict[str, dict[str, list[tuple[Any, ...]]]]:
    """By engine, the rows of every query that the tests below ask, by its text."""
    queries = [*[case.sql for case in CASES], REASONS, _ROUNDED, _AS_DECIMAL, _PRODUCTS, _OCTAVES]
    found: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
    for target, ask in engines.items():
        found[target] = {query: ask(sql) for query, sql in zip(queries, _rendered(queries, target, folder), strict=True)}
    return found


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
@pytest.mark.parametrize("case", CASES, ids=[f"{number}_{case.macro}" for number, case in enumerate(CASES)])
def test_a_macro_gives_what_it_says(answers: dict[str, Any], engine: str, case: Any) -> None:
    assert answers[engine][case.sql] == case.rows


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_reasons_are_read_alike(answers: dict[str, Any], engine: str) -> None:
    [(written,)] = answers[engine][REASONS]
    assert json.loads(written) == READ_REASONS


def _drawn_near_halves() -> list[float]:
    drawn = random.Random(12)
    numbers = [0.0, -0.0, 0.80385, 2.00005, -0.32635, 0.12344999999999999, 1.88125, 1e-9, 123456.78905]
    for _ in range(300):
        half = drawn.choice([1, -1]) * (drawn.randint(0, drawn.choice([99, 99_999, 9_999_999])) + 0.5) / 10**4
        numbers.append(
            drawn.choice([half, math.nextafter(half, math.inf), math.nextafter(half, -math.inf), drawn.uniform(-9, 9)])
        )
    return numbers


NEAR_HALVES = _drawn_near_halves()
_LISTED = (
    "(values " + ", ".join(f"({number}, cast('{x!r}' as double))" for number, x in enumerate(NEAR_HALVES)) + ") as given (n, x)"
)
_ROUNDED = "select {{ rounded('x', 4) }}, {{ rounded('cast(null as double)', 4) }} from " + _LISTED + " order by n"
_AS_DECIMAL = (
    "select {{ as_decimal('x', 18, 4) }}, {{ as_decimal('cast(null as double)', 9, 4) }} from " + _LISTED + " order by n"
)


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_halves_are_rounded_by_what_a_double_is(answers: dict[str, Any], engine: str) -> None:
    expected = [float(Decimal(x).quantize(Decimal("0.0001"), ROUND_HALF_UP)) for x in NEAR_HALVES]
    assert answers[engine][_ROUNDED] == [(each, None) for each in expected]


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_decimals_are_made_of_a_double_s_product(answers: dict[str, Any], engine: str) -> None:
    expected = [Decimal(x * 1e4).quantize(Decimal(1), ROUND_HALF_UP) / 10**4 for x in NEAR_HALVES]
    assert answers[engine][_AS_DECIMAL] == [(each, None) for each in expected]


_VECTORS = np.random.default_rng(7).normal(size=(40, 24, 2)).astype(np.float32)
_LENGTH = _VECTORS.shape[1]
_PLACED = [(pair, place, *map(float, _VECTORS[pair, place])) for pair, place in np.ndindex(_VECTORS.shape[:2])]
_PRODUCTS = f"""
with given as (
    select * from (values {", ".join(f"({pair}, {place}, {one:.17e}, {other:.17e})" for pair, place, one, other in _PLACED)})
    as listed (pair, place, one, other)
),

vectors as (
    select pair, {{{{ vector_of('one', 'place', {_LENGTH}) }}}} as one, {{{{ vector_of('other', 'place', {_LENGTH}) }}}} as other
    from given
    group by pair
)

select {{{{ dot_product('one', 'other') }}}} from vectors order by pair"""


def test_products_of_vectors_are_the_same_to_the_last_bit(answers: dict[str, Any]) -> None:
    assert answers["spark"][_PRODUCTS] == answers["duckdb"][_PRODUCTS]
    exact = _VECTORS.astype(float).prod(axis=2).sum(axis=1)
    assert np.allclose([row[0] for row in answers["duckdb"][_PRODUCTS]], exact, atol=1e-5)


# int_measurement__matched_units compares units whose counts are of one octave
_OCTAVES = (
    "select floor(ln(1 + x) / ln(2)) from (values "
    + ", ".join(f"({2**k - 1}), ({2**k})" for k in range(40))
    + ") as given (x) order by x"
)


def test_octaves_of_counts_are_the_same(answers: dict[str, Any]) -> None:
    assert answers["spark"][_OCTAVES] == answers["duckdb"][_OCTAVES]


def test_ids_are_not_rekeyed_on_spark(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_ID_KEY_FILE", str(folder / "key"))
    with pytest.raises(RuntimeError, match=r"ids are not re-keyed on Spark: .*landing folder.* or run the DuckDB target"):
        _rendered(["select {{ rekeyed_text('a', 'account') }}"], "spark", folder)
