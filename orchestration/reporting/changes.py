"""What changed since the night before: leads that came, left and moved, actors, reviews, actions, rows kept aside."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from orchestration.reporting.formats import MISSING, count, iso, listed, name, plural
from orchestration.reporting.release import Release
from orchestration.reporting.subjects.subject import Subject, page_of
from orchestration.reporting.tables import Cell, Table, TableColumn, linked, numeric, text

_FIRST = "This is the first night on record: there is none before it to compare with."
_MOVED_SHOWN = 25
_LIVES = {"born": "new", "merged": "merged into others", "split": "split off", "retired": "retired"}


class Changes(BaseModel):
    """What differs from the night `before`, which is None on a first night."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    before: date | None
    came_count: int
    left_count: int
    sentence: str
    counts: Table
    came: Table
    left: Table
    moved: Table


def read_changes(release: Release, subjects: Sequence[Subject]) -> Changes:
    """Return the changes; `subjects` are those that have pages, whose evidence is compared."""
    before = release.manifest.night_before
    nights = {"before": before}
    came, left = release.rows(_CAME, nights), release.rows(_LEFT, nights)
    pages = {subject.lead.lead_id for subject in subjects}
    lives = {row["event"]: int(row["event_count"]) for row in release.rows(_LIVES_TONIGHT)}
    return Changes(
        before=before,
        came_count=len(came),
        left_count=len(left),
        sentence=_sentence(before, len(came), len(left), lives),
        counts=_counts(release, before, lives),
        came=_came(came, pages, before),
        left=_left(left, before),
        moved=_moved(subjects, before),
    )


def _sentence(before: date | None, came: int, left: int, lives: dict[str, int]) -> str:
    if before is None:
        return _FIRST
    told = [f"{lives[event]:,} {words}" for event, words in _LIVES.items() if lives.get(event)]
    actors = f"actors: {listed(told)}" if told else "no actor is new, merged, split or retired"
    return f"Since the night of {before}, {plural(came, 'lead')} came and {left:,} left the queue; {actors}."


def _counts(release: Release, before: date | None, lives: dict[str, int]) -> Table:
    found = {(row["what"], row["as_of_date"]): int(row["amount"]) for row in release.rows(_BY_NIGHT, {"before": before})}
    since = release.rows(_SINCE, {"before": before})[0] if before else {}
    as_of = release.manifest.as_of_date
    compared = tuple(
        _count(words, found.get((what, before), 0) if before else None, found.get((what, as_of), 0))
        for what, words in (
            ("leads", "Leads in the queue"),
            ("past_due", "Leads past due"),
            ("actors", "Actors of two or more accounts"),
            ("members", "Accounts in an actor"),
            ("scored", "Accounts and actors scored"),
        )
    )
    events = tuple(_count(f"Actors {words}", None, lives.get(event, 0)) for event, words in _LIVES.items())
    happened = tuple(
        _count(words, None, since.get(what))
        for what, words in (
            ("reviewed", "Reviews decided since the night before"),
            ("acted", "Actions decided since"),
            ("kept_aside", "Rows kept aside since"),
        )
    )
    return Table(
        table_id="changes",
        caption=f"Tonight beside the night of {before}" if before else "Tonight",
        columns=(
            TableColumn(title="What"),
            TableColumn(title="Night before", kind="number"),
            TableColumn(title="Tonight", kind="number"),
            TableColumn(title="Change", kind="number"),
        ),
        rows=(*compared, *events, *happened),
        empty="",
    )


def _count(words: str, before: int | None, now: int | None) -> tuple[Cell, ...]:
    moved = None if before is None or now is None else now - before
    return (
        text(words),
        numeric(count(before), before),
        numeric(count(now), now),
        numeric(MISSING if moved is None else "0" if moved == 0 else f"{moved:+,}", moved),
    )


def _came(rows: Sequence[dict[str, Any]], pages: set[str], before: date | None) -> Table:
    return Table(
        table_id="came",
        caption="Leads that came",
        is_wide=True,
        columns=(
            TableColumn(title="Lead", kind="link"),
            TableColumn(title="Subject", is_facet=True),
            TableColumn(title="Consistent with", is_facet=True),
            TableColumn(title="Selected by", is_facet=True),
            TableColumn(title="Why"),
        ),
        rows=tuple(
            (
                linked(row["lead_id"], page_of(row["lead_id"]) if row["lead_id"] in pages else None),
                text(name(row["subject_type"])),
                text(name(row["role"])),
                text(name(row["selection"])),
                text(row["why"]),
            )
            for row in rows
        ),
        empty="No lead came." if before else _FIRST,
    )


def _left(rows: Sequence[dict[str, Any]], before: date | None) -> Table:
    return Table(
        table_id="left",
        caption="Leads that left",
        is_wide=True,
        columns=(
            TableColumn(title="Lead", kind="id"),
            TableColumn(title="Subject", is_facet=True),
            TableColumn(title="Subject id", kind="id"),
            TableColumn(title="Selected by", is_facet=True),
            TableColumn(title="What became of it", is_facet=True),
            TableColumn(title="Decided"),
        ),
        rows=tuple(
            (
                text(row["lead_id"]),
                text(name(row["subject_type"])),
                text(row["subject_id"]),
                text(name(row["selection"])),
                text(
                    f"reviewed: {name(row['verdict']).lower()}" if row["verdict"] else "not reviewed: no longer among the first"
                ),
                text(iso(row["decided_at"])),
            )
            for row in rows
        ),
        empty="No lead left." if before else _FIRST,
    )


def _moved(subjects: Sequence[Subject], before: date | None) -> Table:
    leads = [subject.lead for subject in subjects]
    moves = [
        (lead, lead.log_odds_before, lead.log_odds)
        for lead in leads
        if lead.log_odds is not None and lead.log_odds_before is not None
    ]
    moves.sort(key=lambda move: (-abs(move[2] - move[1]), move[0].lead_id))
    return Table(
        table_id="moved",
        caption="Leads whose evidence moved most (log-odds)",
        is_wide=True,
        columns=(
            TableColumn(title="Lead", kind="link"),
            TableColumn(title="Subject", is_facet=True),
            TableColumn(title="Night before", kind="number"),
            TableColumn(title="Tonight", kind="number"),
            TableColumn(title="Change", kind="number"),
        ),
        rows=tuple(
            (
                linked(lead.lead_id, page_of(lead.lead_id)),
                text(name(lead.subject_type)),
                numeric(f"{was:+.2f}", was),
                numeric(f"{now:+.2f}", now),
                numeric(f"{now - was:+.2f}", now - was),
            )
            for lead, was, now in moves[:_MOVED_SHOWN]
            if abs(now - was) >= 0.005
        ),
        empty="The evidence of no lead moved." if before else _FIRST,
    )


_BY_NIGHT = """
select 'leads' as what, as_of_date, count(*) as amount
from review_queue where as_of_date in ($as_of_date, $before) group by as_of_date
union all
select 'past_due', as_of_date, count_if(due_at < as_of_date + 1)
from review_queue where as_of_date in ($as_of_date, $before) group by as_of_date
union all
select 'actors', as_of_date, count(distinct actor_id)
from actor_members where as_of_date in ($as_of_date, $before) group by as_of_date
union all
select 'members', as_of_date, count(*)
from actor_members where as_of_date in ($as_of_date, $before) group by as_of_date
union all
select 'scored', as_of_date, count(*)
from scores where as_of_date in ($as_of_date, $before) group by as_of_date
"""
_LIVES_TONIGHT = """
select event, count(*) as event_count from actor_events where as_of_date = $as_of_date group by event
"""
_SINCE = """
select
    (select count(*) from reviews where cast(decided_at as date) between $before + 1 and $as_of_date) as reviewed,
    (select count(*) from actions where cast(decided_at as date) between $before + 1 and $as_of_date) as acted,
    (select count(*) from quarantine where first_seen_on > $before and first_seen_on <= $as_of_date) as kept_aside
"""
_CAME = """
select
    review_queue.lead_id, review_queue.subject_type, review_queue.selection, review_queue.why, scores.role
from review_queue
left join scores
    on review_queue.subject_type = scores.subject_type
    and review_queue.subject_id = scores.subject_id
    and scores.as_of_date = $as_of_date
where review_queue.as_of_date = $as_of_date
    and $before is not null
    and review_queue.lead_id not in (select lead_id from review_queue where as_of_date = $before)
order by review_queue.priority nulls last, review_queue.lead_id
"""
_LEFT = """
select
    review_queue.lead_id, review_queue.subject_type, review_queue.subject_id, review_queue.selection,
    arg_max(reviews.verdict, reviews.decided_at) as verdict, max(reviews.decided_at) as decided_at
from review_queue
left join reviews on review_queue.lead_id = reviews.lead_id
where review_queue.as_of_date = $before
    and review_queue.lead_id not in (select lead_id from review_queue where as_of_date = $as_of_date)
group by review_queue.lead_id, review_queue.subject_type, review_queue.subject_id, review_queue.selection
order by decided_at desc nulls last, review_queue.lead_id
"""
