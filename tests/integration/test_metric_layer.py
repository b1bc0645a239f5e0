"""MetricFlow answers what `enforcement_metrics` holds, on a home whose leads were reviewed, acted on and appealed.

A published row without numbers rests on too few things to be quoted; it is compared with what the estimators make of it
once they are told to show everything.
"""

import csv
import hashlib
import html
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from dbt.adapters.factory import get_adapter_by_type
from dbt.contracts.graph.semantic_manifest import SemanticManifest
from dbt_metricflow.cli.dbt_connectors.adapter_backed_client import AdapterBackedSqlClient
from lifelines import KaplanMeierFitter
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from orchestration.catalogue.metric_layer import read_layer
from orchestration.landing.files import sha256_of
from orchestration.measurement.compute import compute_metrics
from orchestration.measurement.facts import FACTS
from orchestration.measurement.settings import MeasurementSettings
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.reading import query_release
from orchestration.settings import Home
from orchestration.warehouse import transform
from tests.pages import commands_of, run

from .conftest import SHARES_ENFORCEMENT

pytestmark = SHARES_ENFORCEMENT
ROOT = Path(__file__).parents[2]
LAYER = {metric.name: metric for metric in read_layer(ROOT).metrics}
LAST = date(2026, 4, 11)
"""The last night of the enforced."""

_ACTION = {"action_type": "action__action_type", "surface": "action__surface", "clause": "action__clause"}
_ACCOUNT = {key: f"account__{key}" for key in ("country", "language", "tier", "account_type")}
_LEAD = {key: f"lead__{key}" for key in ("surface", "country", "language", "tier", "account_type")}
_LEAK = {"action_type": "leak__action_type", "action_id": "action", "surface": "leak__surface", "partner": "leak__partner"}
SLICES: Mapping[str, Mapping[str, str]] = {
    "action_rate": _ACCOUNT,
    "appeal_rate": _ACTION | {"month": "metric_time__month"},
    "overturn_rate": _ACTION | _ACCOUNT | {"month": "action__decided_at__month"},
    "partial_overturn_rate": _ACTION | {"month": "action__decided_at__month"},
    "proactive_rate": {"month": "metric_time__month"},
    "queue_precision": _LEAD | {"month": "metric_time__month"},
    "flagged_benign_rate": {key: _LEAD[key] for key in _ACCOUNT},
    "leakage_requests": _LEAK,
    "leakage_output_tokens": _LEAK,
    "partner_past_due": {"partner": "referral__partner", "referral_id": "referral"},
    "queue_backlog": {},
    "queue_past_due": {},
    "queue_leads_per_case": {},
    "reviewer_agreement_share": {},
    "harm_account_days_lost": {},
    "harm_innocent_requests": {},
}
"""What a published slice is called in the layer, by metric."""


@dataclass(frozen=True)
class Layer:
    """MetricFlow over the working warehouse of a enforced."""

    home: Home
    engine: MetricFlowEngine

    def answer(self, metrics: Sequence[str], group_by: Sequence[str] = (), where: Sequence[str] = ()) -> list[tuple[object, ...]]:
        """Return the rows of a query: the groups in the order asked for, then the metrics."""
        request = MetricFlowQueryRequest.create(metric_names=metrics, group_by_names=group_by, where_constraints=where)
        sql = self.engine.explain(request).sql_statement.sql
        columns = ", ".join(f'"{name}"' for name in (*group_by, *metrics))
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:
            return connection.execute(f"select {columns} from ({sql}) as answered").fetchall()


@pytest.fixture(scope="module")
def layer(enforced: Home, tmp_path_factory: pytest.TempPathFactory) -> Layer:
    """MetricFlow over that home, parsed by dbt as a night parses it."""
    written = tmp_path_factory.mktemp("layer") / "semantic_manifest.json"
    SemanticManifest(transform.parse_project(enforced)).write_json_to_file(str(written))
    manifest = parse_manifest_from_dbt_generated_manifest(written.read_text("utf-8"))
    client = AdapterBackedSqlClient(get_adapter_by_type("duckdb"))
    return Layer(enforced, MetricFlowEngine(SemanticManifestLookup(manifest), client))


def _estimated(warehouse: Path) -> pl.DataFrame:
    """Return what the estimators make of the facts in a warehouse once they are told to show everything."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        facts = {name: connection.sql(f"select * from main.{name}").pl() for name in FACTS}
    everything = MeasurementSettings(minimum_items=1, minimum_events=1, minimum_units=2, minimum_pairs=2, bootstrap_draws=100)
    return compute_metrics(facts, LAST, everything)


@pytest.fixture(scope="module")
def published(enforced: Home) -> pl.DataFrame:
    """`enforcement_metrics` of the release, with the numbers of rows that are too few to be shown filled in."""
    with duckdb.connect(str(enforced.current / "marts.duckdb"), read_only=True) as connection:
        shown = connection.sql("select metric, period, slice, value, n, immature from enforcement_metrics").pl()
    filled = _estimated(enforced.warehouse).select("metric", "period", "slice", pl.col("value").alias("filled"))
    joined = shown.join(filled, on=["metric", "period", "slice"], how="left", validate="1:1")
    return joined.with_columns(value=pl.coalesce("value", "filled"))


RARE_ROWS = """
insert into main.int_measurement__leads
select leads.* replace (
    leads.lead_id || rare.verdict || coalesce(rare.stratum, '') as lead_id,
    rare.verdict as verdict, rare.stratum as stratum, rare.selection as selection
)
from main.int_measurement__leads as leads
cross join (values
    ('insufficient', 'flagged', 'score'), ('benign', 'contract_check', 'score'), ('violation', 'key_check', 'score'),
    ('benign', 'flagged', 'audit_flagged'), ('violation', null, 'external')
) as rare (verdict, stratum, selection)
where leads.selection = 'score' and leads.verdict is not null;
insert into main.int_measurement__leakage
select action_id, action_type, account_id, 'api', '', cast(effective_at as date), 5, 700
from main.int_measurement__actions where action_type = 'termination' and effective_at is not null;
update main.appeals set outcome = 'partially_overturned' where outcome = 'upheld';
update main.int_measurement__actions set appeal_outcome = 'partially_overturned' where appeal_outcome = 'upheld';
insert into main.appeals
select * replace (
    appeal_id || 'before' as appeal_id, decided_at - interval 1 hour as decided_at, 'overturned' as outcome, false as is_deciding
)
from main.appeals where is_deciding;
update main.actions set notice_sent_at = null where surface = 'chat';
update main.int_measurement__actions set notice_sent_at = null where surface = 'chat';
update main.actions set action_type = 'victim_notice' where action_type = 'rate_limit';
update main.int_measurement__actions set action_type = 'victim_notice' where action_type = 'rate_limit';
update main.referrals set is_past_due = true where partner = (select min(partner) from main.referrals);
update main.int_measurement__referrals set is_past_due = true where partner = (select min(partner) from main.referrals);
"""
"""What a small world is short of: undecidable leads, checks, a leak, partial and second appeals, actions without notice."""


@pytest.fixture(scope="module")
def rare(layer: Layer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Layer, pl.DataFrame]:
    """MetricFlow over a copy of the warehouse with rare rows in both the marts and the facts, and the estimates of it."""
    copy = Home(root=tmp_path_factory.mktemp("rare"))
    shutil.copy(layer.home.warehouse, copy.warehouse)
    with duckdb.connect(str(copy.warehouse)) as connection:
        connection.execute(RARE_ROWS)
    return Layer(copy, layer.engine), _estimated(copy.warehouse)


def _groups(rows: pl.DataFrame) -> dict[tuple[str, ...], dict[tuple[str, ...], tuple[float, int]]]:
    """Return value and n of published rows by their slice's keys, then its values; a period is the slice `month`."""
    grouped: dict[tuple[str, ...], dict[tuple[str, ...], tuple[float, int]]] = {}
    for period, text, value, n in rows.select("period", "slice", "value", "n").iter_rows():
        parts = {} if text == "all" else dict(pair.split("=") for pair in text.split(","))
        parts |= {} if period == "all" else {"month": period}
        grouped.setdefault(tuple(parts), {})[tuple(parts.values())] = (value, n)
    return grouped


def _text(value: object) -> str:
    return f"{value:%Y-%m}" if isinstance(value, datetime) else "unknown" if value is None else str(value)


def _assert_answers(name: str, layer: Layer, metrics: pl.DataFrame) -> None:
    """Ask MetricFlow for a metric in every slice that `metrics` has of it, and compare value and n."""
    metric, rows = LAYER[name], metrics.filter(pl.col("metric") == name)
    resting_on = [metric.parts[1]] if metric.type == "ratio" else []
    grouped = _groups(rows)
    grouped.pop(("ground",), None)
    assert () in grouped
    for keys, expected in grouped.items():
        group_by = [SLICES[name][key] for key in keys]
        answered = layer.answer([name, *resting_on], group_by, [metric.filter] if metric.filter else [])
        found = {tuple(_text(part) for part in row[: len(keys)]): row[len(keys) :] for row in answered}
        for values, (value, n) in expected.items():
            number, *size = found.get(values, (0,))
            # nothing above the line counts 0, nothing below it has no share
            assert float(number or 0) == pytest.approx(float(value or 0), abs=1e-8), (keys, values)
            assert [part or 0 for part in size] == ([n] if resting_on and values in found else []), (keys, values)
            assert values in found or not n or metric.type == "simple"
        if resting_on:
            assert {values for values, row in found.items() if row[1]} <= expected.keys()


@pytest.mark.parametrize("name", sorted(SLICES))
def test_metricflow_returns_what_is_published(name: str, layer: Layer, published: pl.DataFrame) -> None:
    _assert_answers(name, layer, published)


@pytest.mark.parametrize("name", sorted(SLICES))
def test_metricflow_counts_rare_rows_as_the_estimators_do(name: str, rare: tuple[Layer, pl.DataFrame]) -> None:
    _assert_answers(name, *rare)


def test_overturns_by_ground_are_shares_of_all_decided_appeals(layer: Layer, published: pl.DataFrame) -> None:
    expected = _groups(published.filter(pl.col("metric") == "overturn_rate"))[("ground",)]
    fallen = dict(layer.answer(["overturned_actions"], ["appeal__ground"]))
    ((decided,),) = layer.answer(["decided_appeals"])
    assert {ground: n for (ground,), (_, n) in expected.items()} == dict.fromkeys(("factual", "procedural", "goodwill"), decided)
    for (ground,), (value, _) in expected.items():
        assert float(fallen.get(ground) or 0) / decided == pytest.approx(value, abs=1e-8)  # type: ignore[operator]


def test_the_home_has_something_to_compare(published: pl.DataFrame) -> None:
    shown = published.filter(~pl.col("immature") & (pl.col("value") > 0) & pl.col("metric").is_in(SLICES.keys()))
    assert shown["metric"].n_unique() >= 3
    positive = published.filter((pl.col("value") > 0) & pl.col("metric").is_in(SLICES.keys()))
    assert positive["metric"].n_unique() >= 8


def test_every_published_count_is_compared() -> None:
    assert SLICES.keys() == {metric.name for metric in LAYER.values() if not metric.description}


def test_requests_and_tokens_are_those_accepted_from_the_landing_files(enforced: Home, layer: Layer) -> None:
    with duckdb.connect(str(enforced.warehouse), read_only=True) as connection:
        accepted = connection.execute(
            "select count(*), count_if(http_status < 400), sum(output_tokens)::bigint, count(distinct account_key) "
            "from main.int_usage__kept_requests"
        ).fetchall()
    assert layer.answer(["requests", "requests_served", "output_tokens_served", "active_accounts"]) == accepted


def test_a_release_is_asked_as_the_docs_say_and_stays_as_it_is(
    enforced: Home, clone: Path, published: pl.DataFrame, tmp_path: Path
) -> None:
    page = commands_of("docs/metrics.md")
    marts = (enforced.current / "marts.duckdb").resolve()
    before = hashlib.sha256(marts.read_bytes()).hexdigest()
    release = read_layer(ROOT)
    names = [metric.name for metric in release.metrics if release.is_in_release(metric)]
    whole = replace(page[0], line=0, text=f".venv/bin/mf query --metrics {','.join(names)} --csv whole.csv\n")
    run([*page, whole], clone, {"HOME": str(tmp_path), "STILLWATCH_HOME": str(enforced.root)})
    with (clone / "whole.csv").open(encoding="utf-8", newline="") as stream:
        (answer,) = csv.DictReader(stream)
    assert set(answer) == set(names)
    served = pl.read_csv(clone / "served.csv", infer_schema=False)
    by_tier = {(month[:7], tier): int(float(count)) for month, tier, count in served.iter_rows()}
    assert sum(by_tier.values()) == int(float(answer["requests_served"]))
    _, added_up = query_release(
        enforced.current,
        "select strftime(activity_date, '%Y-%m') as month, tier, sum(success_count) as served from usage_days group by all",
    )
    assert by_tier == {(month, tier): int(count) for month, tier, count in added_up}
    whole_layer = published.filter((pl.col("period") == "all") & (pl.col("slice") == "all") & pl.col("metric").is_in(names))
    assert whole_layer.height >= 6
    for name, value in whole_layer.select("metric", "value").iter_rows():
        assert float(answer[name] or 0) == pytest.approx(float(value or 0), abs=1e-6), name
    assert hashlib.sha256(marts.read_bytes()).hexdigest() == before


def _traced(home: Home, label: str) -> pl.DataFrame:
    """Follow the report: a metric's label, the query beside its definition, and what that gives, all as a reader meets them."""
    page = (home.current / "site" / "report.html").read_text(encoding="utf-8")
    found = re.search(rf'<dt>{label}</dt><dd>.*?<code>stillwatch query "(.*?)"</code>', html.unescape(page))
    assert found, label
    names, rows = query_release(home.current, found[1])
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def _shown(published: pl.DataFrame, metric: str, slice_text: str = "all") -> dict[str, object]:
    found = published.filter((pl.col("metric") == metric) & (pl.col("slice") == slice_text) & (pl.col("period") == "all"))
    assert found.height == 1, metric
    return found.row(0, named=True)


def test_a_number_of_the_report_is_traced_to_its_rows_in_two_steps(enforced: Home, published: pl.DataFrame) -> None:
    """The recipe of docs/metrics.md for a share, a slice of one, a sum, a time and a comparison."""
    leads = _traced(enforced, "Queue precision")
    share = _shown(published, "queue_precision")
    violations = leads.filter(pl.col("verdict") == "violation")
    assert (share["n"], share["value"]) == (leads.height, pytest.approx(violations.height / leads.height))
    surface = leads.filter(pl.col("surface") == "api")
    sliced = _shown(published, "queue_precision", "surface=api")
    assert sliced["n"] == surface.height > 0
    assert sliced["value"] == pytest.approx(surface.filter(pl.col("verdict") == "violation").height / surface.height)

    fallen = _traced(enforced, "Account-days lost")
    lost = _shown(published, "harm_account_days_lost")
    assert (lost["n"], lost["value"]) == (fallen.height, pytest.approx(fallen["lost_days"].sum(), abs=1e-8))
    assert fallen.height > 0

    reviews = _traced(enforced, "Time to review")
    waited = (pl.coalesce("ended_at", "observed_until") - pl.col("started_at")).dt.total_seconds() / 86400
    curve = KaplanMeierFitter().fit(reviews.select(waited).to_series().to_numpy(), reviews["ended_at"].is_not_null().to_numpy())
    median = _shown(published, "time_to_review_median_days")
    assert (median["n"], median["value"]) == (reviews.height, pytest.approx(curve.median_survival_time_, abs=1e-6))

    returns = _traced(enforced, "Re-entry rate")
    assert _shown(published, "reentry_rate", "days=7")["n"] == returns.filter(~pl.col("is_control")).height


def test_the_rows_of_every_metric_are_those_of_the_working_warehouse(enforced: Home) -> None:
    manifest = read_manifest(enforced.current)
    assert {file.model for file in manifest.facts} == set(FACTS)
    with duckdb.connect(str(enforced.warehouse), read_only=True) as connection:
        for file in manifest.facts:
            assert connection.execute(f"select count(*) from main.{file.model}").fetchall() == [(file.rows,)]
            assert sha256_of(enforced.current / "facts" / f"{file.model}.parquet") == file.sha256
