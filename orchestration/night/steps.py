"""The steps of a run as plain functions, in the order Dagster's assets call them.

Belongs here: what each step reads and writes in the working warehouse. Every step opens it and closes it again: DuckDB has
one writer, and dbt opens its own connection between the steps.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl

from expectations.overrides import read_overrides, with_overrides
from expectations.report import GateReport
from expectations.runner import DeliveredFile, Delivery, GateSettings, validate_marts, validate_sources
from orchestration.contract import landing_contract
from orchestration.dictionary.keeping import catalog_of_project
from orchestration.landing.files import LandingError, RunPlan, digest_as_planned, files_by_table, plan_run, strays
from orchestration.landing.views import create_landing_views
from orchestration.linking.actors import find_actors, least_pair_weight
from orchestration.linking.ids import assign_actor_ids
from orchestration.linking.thresholds import LinkingSettings
from orchestration.measurement.settings import MeasurementSettings
from orchestration.night import apart
from orchestration.night.aside import HERE
from orchestration.privacy.id_keys import configured_id_key
from orchestration.publishing.facts import write_facts
from orchestration.publishing.manifest import InputFile
from orchestration.publishing.release import Published, publish
from orchestration.publishing.releases import published_history
from orchestration.retention.forgetting import leave_out_forgotten, read_forgotten
from orchestration.scoring.queue import build_queue
from orchestration.scoring.settings import QueueSettings
from orchestration.settings import Home
from orchestration.spark import night as on_spark
from orchestration.warehouse import state, transform
from orchestration.warehouse.frames import append_frame, read_frame
from orchestration.warehouse.lists import load_lists
from orchestration.warehouse.opening import warehouse

AUDIT_STRATA = 10
"""Strata that may each get one audit draw beyond the sample asked for: tiers of accounts, and actors."""

Progress = Callable[[str], None]


class GateFailedError(RuntimeError):
    """A gate said no and nothing was published; the message is the gate's own."""


def plan(home: Home, landing: Path, as_of_from: date, as_of_to: date, *, alone: bool = False) -> RunPlan:
    """Decide what a run over the as-of dates reads; LandingError when the landing folder cannot be used.

    A range that begins before the last finished or published night is extended to it: everything after its first day depends
    on it. One that begins after a published night which the warehouse no longer holds (a run over past nights that died)
    begins with that night instead, or its rows would be missing from every later release. `alone` leaves the range as it is.
    The arrival days of consumed files are those of the ledger and, where the warehouse lost it, of the newest manifest.
    """
    shown = published_history(home.published)
    with warehouse(home) as connection:
        finished = state.finished_nights(connection)
        lost = [day for day in shown.as_of_dates if day not in finished and day < as_of_from]
        if not alone:
            as_of_from = min([as_of_from, *lost])
            as_of_to = max([as_of_to, *finished, *shown.as_of_dates])
        before = state.last_finished_before(connection, as_of_from)
        ledger = shown.arrivals | state.read_ledger(connection)
    found = plan_run(landing.resolve(), as_of_from, as_of_to, before, ledger)
    if not found.files:
        raise LandingError(
            f"landing folder {landing} holds nothing that arrived after {before} and by {as_of_to}; expected "
            f"{landing}/usage_requests/arrived_on={as_of_to}/*.parquet"
        )
    return found


def gate_sources(home: Home, run: RunPlan, aside: Executor = HERE, meanwhile: Callable[[], object] | None = None) -> GateReport:
    """Validate the run's landing files before anything is built from them; `meanwhile` is done while a process aside judges."""
    settings = GateSettings(memory_limit=home.memory_limit, spill=home.gate_spill)
    with warehouse(home) as connection:
        history = state.gate_history(connection, run.arrived_from, settings.volume_window_days)
    delivery = delivery_of(run, ids_rekeyed=configured_id_key(home) is not None)
    judged = aside.submit(validate_sources, delivery, settings, history)
    if meanwhile is not None:
        meanwhile()
    report: GateReport = judged.result()
    return with_overrides(report, read_overrides(home.gate_overrides))


def delivery_of(run: RunPlan, *, ids_rekeyed: bool = False) -> Delivery:
    """Return what a run takes in, as the source gate is told it."""
    # a table without a folder is absent, one with a folder but without the day's partition is late
    grouped = files_by_table(run.files)
    return Delivery(
        files={
            table: tuple(
                DeliveredFile(
                    path=run.landing / file.relative_path,
                    name=file.relative_path,
                    arrived_on=file.arrived_on,
                    sha256=file.sha256,
                )
                for file in grouped[table]
            )
            for table in landing_contract().tables
            if (run.landing / table).is_dir()
        },
        first_night=run.as_of_from,
        last_night=run.as_of_to,
        strays=tuple(strays(run.landing)),
        ids_rekeyed=ids_rekeyed,
    )


def prepare(home: Home, run: RunPlan) -> None:
    """Rewind what an earlier attempt may have left, and point the landing views at the run's files."""
    manifest = transform.project_of_a_night(home)
    computed = {f"computed.{name}": "as_of_date" for name in ("actor_members", "actor_events", "review_queue")}
    with warehouse(home) as connection:
        state.create_computed_tables(connection)
        load_lists(connection, home)
        rewound = transform.rewind_columns(manifest)
        late_days = landing_contract().late_arrival_days
        forgotten = read_forgotten(home.forgotten)
        state.rewind(connection, run, rewound | computed, late_days)
        create_landing_views(connection, run)
        leave_out_forgotten(connection, forgotten)
        anew = state.last_finished_before(connection) is None
    if home.is_on_spark:
        on_spark.prepare(home, run, rewound, late_days, forgotten, anew=anew)


# the mart names each pair one way round; only few pairs weigh enough, and the others need not leave the database
_LINKS_THAT_MAY_JOIN = """
with heavy_pairs as (
    select account_key_a, account_key_b
    from main.account_links
    where as_of_date = $day
    group by account_key_a, account_key_b
    having sum(weight) >= $least
)
select
    account_key_a, account_key_b, link_kind, evidence_source, cast(weight as double) as weight, is_behavioural
from main.account_links
semi join heavy_pairs using (account_key_a, account_key_b)
where as_of_date = $day
"""


def find_actors_by_date(home: Home, run: RunPlan, progress: Progress) -> int:
    """Group accounts into actors date by date, ids following those of the date before; return the memberships written."""
    settings = LinkingSettings()
    written = 0
    with warehouse(home) as connection:
        accounts = read_frame(connection, "select account_key, account_id from main.int_accounts__assign_keys")
        populations = dict(
            connection.execute("select as_of_date, count(*) from main.int_accounts__as_of group by as_of_date").fetchall()
        )
        previous = read_frame(
            connection,
            "select account_key, account_id, actor_id, joined_on from computed.actor_members where as_of_date = "
            "(select max(as_of_date) from computed.actor_members where as_of_date < ?)",
            [run.as_of_from],
        )
        for day in run.as_of_dates:
            links = read_frame(
                connection, _LINKS_THAT_MAY_JOIN, {"day": day, "least": least_pair_weight(populations[day], settings)}
            )
            groups = find_actors(links, accounts, populations[day], settings)
            members, events = assign_actor_ids(groups, previous, day)
            append_frame(connection, "computed.actor_members", members)
            append_frame(connection, "computed.actor_events", events)
            previous = members.select("account_key", "account_id", "actor_id", "joined_on")
            written += members.height
            progress(f"actors {day}: {members['actor_id'].n_unique()} of {members.height} accounts")
    return written


def build_queue_by_date(home: Home, run: RunPlan, progress: Progress) -> int:
    """Choose the review queue date by date, each knowing the one before; return the leads written."""
    settings = QueueSettings()
    written = 0
    with warehouse(home) as connection:
        previous = read_frame(
            connection,
            "select * exclude (recency) from (select *, row_number() over (partition by subject_type, subject_id "
            "order by as_of_date desc) as recency from computed.review_queue where as_of_date < ? and as_of_date >= "
            "cast(? as date) - ?) as newest where recency = 1 order by subject_type, subject_id",
            [run.as_of_from, run.as_of_from, settings.cooldown_days + 1],
        )
        for day in run.as_of_dates:
            subjects = read_frame(connection, "select * from main.int_review__subjects where as_of_date = ?", [day])
            members = read_frame(
                connection, "select account_id, actor_id from computed.actor_members where as_of_date = ?", [day]
            )
            reviews = _latest_by(connection, "int_review_decisions__keep_states", "review_id", day)
            external = read_frame(connection, "select * from main.int_review__external_subjects where as_of_date = ?", [day])
            queue = build_queue(day, subjects, members, previous, reviews, external, settings)
            append_frame(connection, "computed.review_queue", queue)
            previous = pl.concat([queue, previous.cast(queue.schema)]).unique(  # pyright: ignore[reportArgumentType]
                ["subject_type", "subject_id"], keep="first", maintain_order=True
            )
            written += queue.height
            progress(f"queue {day}: {queue.height} leads")
    return written


def _latest_by(connection: duckdb.DuckDBPyConnection, history: str, key: str, day: date) -> pl.DataFrame:
    return read_frame(
        connection,
        f"select * exclude (state_rank) from (select *, row_number() over (partition by {key} order by arrived_on desc) "
        f"as state_rank from main.{history} where arrived_on <= ?) as ranked where state_rank = 1",
        [day],
    )


def measure(home: Home, run: RunPlan, aside: Executor = HERE) -> int:
    """Estimate the enforcement metrics from the facts models; return the rows written."""
    written: int = aside.submit(apart.measure, home, run.as_of_to).result()
    return written


def gate_marts(home: Home, run: RunPlan, aside: Executor = HERE) -> GateReport:
    """Validate the marts of the run's last as-of date before they are published."""
    queue = QueueSettings()
    audits = (queue.due_days["low"] + 1) * (queue.audit_flagged_count + queue.audit_unflagged_count + AUDIT_STRATA)
    settings = GateSettings(
        review_budget=queue.budget + queue.contract_check_budget + queue.key_check_budget,
        audit_size=audits,
        memory_limit=home.memory_limit,
        spill=home.gate_spill,
    )
    report: GateReport = aside.submit(validate_marts, home.warehouse, run.as_of_to, settings, run.landing).result()
    return with_overrides(report, read_overrides(home.gate_overrides))


def publish_release(
    home: Home, run: RunPlan, gates: list[GateReport], reason: str | None, progress: Progress, aside: Executor = HERE
) -> Published:
    """Publish the marts as a release, record the nights as finished, and return what was published; its pages are drawn aside."""
    tables = transform.published_tables(transform.project_of_a_night(home))
    late_days = landing_contract().late_arrival_days
    with warehouse(home) as connection:
        rows = dict(
            connection.execute(
                "select relative_path, row_count from meta.ledger where arrived_on < ?", [run.arrived_from]
            ).fetchall()
        )
        digests = [
            (file, digest_as_planned(run, file), _row_count(connection, run.landing / file.relative_path))
            for files in files_by_table(run.files).values()
            for file in files
        ]
        inputs = [
            InputFile(path=path, arrived_on=arrived_on, rows=row_count, sha256=sha256)
            for path, arrived_on, row_count, sha256 in connection.execute(
                "select relative_path, arrived_on, row_count, sha256 from meta.ledger where arrived_on < ? "
                "order by relative_path",
                [run.arrived_from],
            ).fetchall()
        ]
        inputs += [
            InputFile(path=file.relative_path, arrived_on=file.arrived_on, rows=row_count, sha256=sha256)
            for file, sha256, row_count in digests
        ]
        progress(f"publishing {len(tables)} tables from {len(rows) + len(digests)} landing files")
        published = publish(
            connection,
            home.published,
            tables,
            run.as_of_dates,
            run.arrived_from - timedelta(days=late_days),
            run.arrived_from,
            inputs,
            {
                "review_queue": QueueSettings().model_dump(mode="json"),
                "measurement": MeasurementSettings().model_dump(mode="json"),
            },
            catalog_of_project(home),
            [report.model_dump(mode="json", exclude={"profiles"}) for report in gates],
            reason,
            state.last_release(connection),
            lambda release: write_facts(apart.read_facts(connection), release),
            lambda release: aside.submit(apart.draw_pages, release).result(),
        )
        profiles = [profile for report in gates for profile in report.profiles]
        state.finish(connection, run, published.release_id, digests, profiles)
    return published


def _row_count(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    quoted = str(path).replace("'", "''")
    return int(connection.execute(f"select sum(num_rows) from parquet_file_metadata('{quoted}')").fetchall()[0][0])
