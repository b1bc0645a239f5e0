"""A small night: what its tables are, and what its steps tell."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from expectations.report import GateReport, gate_report, judged
from orchestration.lineage.events import About, NightEvents
from orchestration.lineage.graph import Column, Graph, Table, Test
from orchestration.settings import Home
from orchestration.warehouse.transform import NodeRun

DAY = date(2026, 3, 1)
RUN = "0b0d3c5e-8d5b-4f8e-9a52-0d3c5e8d5b4f"
SECRET = "account_of_somebody"
BEGAN = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)


def table(name: str, *, path: str | None = "models/x.sql", is_rewritten: bool = True) -> Table:
    columns = (Column(name="account_id", data_type="varchar", description="Whose."),)
    if name.startswith("main."):
        columns = (Column(name="account_key", data_type="bigint", description="Internal."), *columns)
    return Table(
        name=name, description=f"One row per row of {name}.", columns=columns, path=path, is_rewritten=is_rewritten
    )  # fmt: skip


def graph() -> Graph:
    tables = [
        table("landing.usage_requests", path=None),
        table("main.account_days", is_rewritten=False),
        table("main.scores"),
        *(table(f"computed.{name}", path=None) for name in ("actor_members", "actor_events")),
        *(table(f"main.{name}") for name in ("account_links", "int_accounts__assign_keys", "int_accounts__as_of")),
    ]
    return Graph(
        tables={each.name: each for each in tables},
        names={"model.s.account_days": "main.account_days", "model.s.scores": "main.scores"},
        behind={"main.account_days": ("landing.usage_requests",), "main.scores": ("main.account_days",)},
        tests={"test.s.grain": Test(name="grain_days", kind="grain", severity="error", table="main.account_days")},
    )


def events_of(home: Home) -> NightEvents:
    about = About(home=home, namespace="stillwatch.home", run_id=RUN, first=DAY, last=DAY, revision="0123abc")
    return NightEvents(about, graph)


def node(unique_id: str, status: str = "success", **values: Any) -> NodeRun:
    made = NodeRun(unique_id, status, 1.5, BEGAN, BEGAN + timedelta(seconds=1.5), "select 1", None)
    return made._replace(**values)


def report(*, success: bool = True) -> GateReport:
    """A gate on requests, which holds or blocks with an example that may not be told."""
    finding = judged(
        "usage_requests", "every account_id is known", severity="block", success=success, advice="Look.",
        unexpected_count=0 if success else 3, element_count=40, examples=() if success else (SECRET,),
    )  # fmt: skip
    return gate_report("sources", DAY, [finding])
