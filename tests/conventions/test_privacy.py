"""Classes and retention of columns, read from dbt's manifest."""

from functools import cache
from pathlib import Path
from typing import Any

from orchestration.privacy.classes import data_classes
from orchestration.privacy.retention import usage_relations
from orchestration.settings import Home
from orchestration.warehouse import transform

ROOT = Path(__file__).parents[2]


@cache
def _manifest() -> Any:
    return transform.parse_project(Home(root=ROOT / "var" / "conventions"))


def _published() -> list[Any]:
    return [n for n in _manifest().nodes.values() if n.resource_type == "model" and "published" in n.config.meta]


def test_every_published_column_has_a_class_and_retention() -> None:
    without = [
        f"{model.name}.{column.name}"
        for model in _published()
        for column in model.columns.values()
        if column.config.meta.get("class") not in data_classes()
        or column.config.meta.get("retention") != data_classes()[column.config.meta["class"]].retention
    ]
    assert without == []
    assert len(_published()) > 30


def test_nothing_re_identifiable_is_published() -> None:
    published = {name for name, found in data_classes().items() if found.published}
    leaked = [
        f"{model.name}.{column.name}"
        for model in _published()
        for column in model.columns.values()
        if column.config.meta["class"] not in published
    ]
    assert leaked == []


def test_every_landing_column_has_a_class() -> None:
    sources = [source for source in _manifest().sources.values() if source.source_name == "provider"]
    without = [
        f"{s.name}.{c.name}" for s in sources for c in s.columns.values() if c.config.meta.get("class") not in data_classes()
    ]
    assert without == []
    assert len(sources) == 17


def test_retention_covers_every_usage_model_that_holds_a_re_identifiable_column() -> None:
    assert set(usage_relations(_manifest())) == {
        "main.int_usage__account_end_user_days",
        "main.int_usage__account_network_days",
        "main.int_usage__account_prompt_days",
        "main.int_usage__account_setting_days",
        "main.int_usage__account_template_days",
        "main.int_usage__kept_requests",
    }
