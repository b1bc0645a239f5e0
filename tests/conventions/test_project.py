"""The house rules, read from dbt's manifest and the tree, with no baseline of exceptions."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from expectations.rules import suites
from orchestration.build import build_defs
from orchestration.settings import Home
from orchestration.warehouse import transform

ROOT = Path(__file__).parents[2]
NAMES = {
    "staging": r"stg_[a-z]+__[a-z_]+",
    "intermediate": r"int_[a-z_]+__[a-z_]+",
    "marts": r"(sig_[a-z_]+|[a-z]+(_[a-z]+)*)",
}
TOP_LEVEL = {
    "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "profiles.yml", "dagster.yaml", "uv.lock", "pyproject.toml",
    "dbt_project.yml", "models", "seeds", "macros", "orchestration", "expectations", "tests", "docs", "analyses",
    "notebooks", "simulator", "var",
}  # fmt: skip
BUILD_PRODUCTS = {"target", "logs", "stillwatch.egg-info"}


@cache
def _manifest() -> Any:
    return transform.parse_project(Home(root=ROOT / "var" / "conventions"))


def _models() -> list[Any]:
    return [node for node in _manifest().nodes.values() if node.resource_type == "model"]


def test_every_computed_table_has_a_step_of_the_night_that_writes_it() -> None:
    graph = build_defs(Home(root=ROOT / "var" / "conventions")).resolve_asset_graph()
    written = {key.path[-1] for key in graph.materializable_asset_keys if key.path[0] == "computed"}
    assert written == {source.name for source in _manifest().sources.values() if source.source_name == "computed"}


def test_names_tell_the_layer() -> None:
    wrong = [m.name for m in _models() if not re.fullmatch(NAMES[Path(m.original_file_path).parts[1]], m.name)]
    assert wrong == []


def test_every_model_says_its_grain_first_and_documents_its_columns() -> None:
    grainless = [m.name for m in _models() if not m.description.strip().startswith("One row per")]
    undocumented = [f"{m.name}.{c.name}" for m in _models() for c in m.columns.values() if not c.description]
    bare = [m.name for m in _models() if not m.columns]
    assert (grainless, undocumented, bare) == ([], [], [])


def test_every_model_has_its_own_yaml() -> None:
    wrong = [
        m.name for m in _models() if Path(str(m.patch_path).split("://")[-1]) != Path(m.original_file_path).with_suffix(".yml")
    ]
    assert wrong == []


def test_every_published_mart_has_a_reader() -> None:
    read = {unique_id for exposure in _manifest().exposures.values() for unique_id in exposure.depends_on.nodes}
    unread = [m.name for m in _models() if "published" in m.config.meta and m.unique_id not in read]
    assert unread == []


def test_every_published_mart_has_a_suite_and_every_suite_a_mart() -> None:
    assert set(transform.published_tables(_manifest())) == set(suites("marts"))


def test_append_only_models_say_what_they_are_rewound_by() -> None:
    lost = [
        m.name
        for m in _models()
        if m.config.materialized == "incremental" and "rewind_by" not in m.config.meta and m.name != "int_accounts__assign_keys"
    ]
    assert lost == []


def test_views_hold_no_run_dates() -> None:
    dated = [
        m.name
        for m in _models()
        if m.config.materialized == "view" and re.search(r"as_of_(from|to)\(|arrived_from\(", m.raw_code)
    ]
    assert dated == []


def test_dagster_stays_in_its_place() -> None:
    allowed = {ROOT / "orchestration/build.py", ROOT / "orchestration/definitions.py"}
    strayed = [
        str(path.relative_to(ROOT))
        for folder in ("orchestration", "expectations", "simulator")
        for path in (ROOT / folder).rglob("*.py")
        if path not in allowed and "defs" not in path.parts and "dagster" in _imported(path)
    ]
    assert strayed == []


def test_the_simulator_does_not_know_how_it_is_judged() -> None:
    for path in (ROOT / "simulator").rglob("*.py"):
        assert not _imported(path) & {"orchestration", "expectations", "dbt"}, path


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def test_no_debris() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - TOP_LEVEL - BUILD_PRODUCTS == set()
    vague = [p for p in ROOT.glob("orchestration/**/*.py") if re.search(r"(helpers|utils|common|misc)", p.stem)]
    assert vague == []


@pytest.mark.parametrize("folder", ["orchestration", "expectations", "simulator"])
def test_no_module_outgrows_its_subject(folder: str) -> None:
    long = [str(path) for path in (ROOT / folder).rglob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > 330]
    assert long == []


def test_no_model_can_read_the_truth() -> None:
    """Models read sources and each other, no files; only the evaluation and the simulator know of the truth."""
    reading = re.compile(r"read_(parquet|csv|json)|parquet_scan|glob\(|^\s*attach |from '[^']*[./]", re.IGNORECASE | re.MULTILINE)
    texts = [*(ROOT / "models").rglob("*.sql"), *(ROOT / "macros").rglob("*.sql")]
    assert [path.name for path in texts if reading.search(path.read_text(encoding="utf-8"))] == []
    assert {source.source_name for source in _manifest().sources.values()} <= {"provider", "computed", "reference"}
    knowing = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "orchestration").rglob("*.py")
        if re.search(r"import simulate\b|from simulator|import simulator|/ \"truth\"", path.read_text(encoding="utf-8"))
    ]
    assert [path for path in knowing if not path.startswith(("orchestration/evaluation/", "orchestration/cli.py"))] == []


def test_every_analysis_stands_on_published_marts_alone() -> None:
    analyses = [node for node in _manifest().nodes.values() if node.resource_type == "analysis"]
    published = {model.unique_id for model in _models() if "published" in model.config.meta}
    assert analyses
    for analysis in analyses:
        assert set(analysis.depends_on.nodes) <= published, analysis.name
        assert analysis.description, analysis.name
        assert "order by" in analysis.raw_code.rsplit("from {{", 1)[-1], analysis.name
