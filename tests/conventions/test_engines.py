"""One model tree runs on DuckDB and on Spark: what only one of them reads, or reads otherwise, stands in house macros."""

import re
from pathlib import Path

from tests.spark.macro_cases import ELSEWHERE

ROOT = Path(__file__).parents[2]
OF_ONE_ENGINE = {
    r"\bdate_diff\(|\bdatediff\(": "days_between, milliseconds_between, hours_between",
    r"\bstrftime\(|\bdate_format\(": "substr of a date's text",
    r"\bcount_if\(": "count_where (Spark's counts 0 where DuckDB's is NULL)",
    r"\bround\([^()]*(\([^()]*\)[^()]*)*, *\d+\)": "rounded (Spark rounds the shortest notation)",
    r"\bhash\(|\bxxhash64\(": "row_fingerprint, value_number",
    r"\bu(tiny|small|)?bigint\b|\bhugeint\b": "fingerprint_type",
    r"\bas varchar\b": "{{ dbt.type_string() }}",
    r"\blist\w*\(|\blist_\w+\(|\bcollect_list\(|\bstring_agg\(|dbt\.listagg": "joined_text, list_of, vector_of, sum_of_least",
    r"\bgenerate_series\(|\bunnest\(|\bexplode\(|\bfrom range\(": "days_through, numbers_through",
    r"\bregexp_\w+\(|\brlike\b": "holds_match",
    r"\bmad\(": "absolute_deviation",
    r"\bisfinite\(|\bisnan\(": "is_not_finite",
    r"\bsha256\(|\bsha2\(": "digest_id",
    r"\brtrim\(|\bltrim\(": "trim(trailing ... from ...): Spark takes the arguments in another order",
    r"<<|>>|//|::": "bit_of, element_of, cast",
    r"dbt\.(datediff|safe_cast|split_part)\b": "hours_between, try_cast, split_part: dbt's own give other values on Spark",
}
"""What stands in no model and no data test, and what does instead."""


def _sql() -> list[Path]:
    return [*(ROOT / "models").rglob("*.sql"), *(ROOT / "tests" / "data").rglob("*.sql")]


def test_models_hold_nothing_that_one_engine_alone_reads() -> None:
    found = []
    for path in _sql():
        text = re.sub(r"--[^\n]*|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"\b(joined_text|list_of)\(", "", text)
        for pattern, instead in OF_ONE_ENGINE.items():
            found += [f"{path.relative_to(ROOT)}: {each.group()}; use {instead}" for each in re.finditer(pattern, text)]
    assert found == []


def test_every_macro_that_engines_have_their_own_of_is_tried_on_both() -> None:
    macros = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "macros").glob("*.sql"))
    dispatched = set(re.findall(r"adapter\.dispatch\('(\w+)', 'stillwatch'\)", macros))
    tried = "\n".join(
        (ROOT / "tests" / "spark" / name).read_text(encoding="utf-8") for name in ("macro_cases.py", "test_macros.py")
    )
    assert len(dispatched) > 20
    assert sorted(name for name in dispatched - set(ELSEWHERE) if not re.search(rf"\{{\{{ {name}\(", tried)) == []
    assert set(ELSEWHERE) <= dispatched
