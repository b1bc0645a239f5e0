"""What happened when: first activity, queue, verdicts, actions, notices, appeals, escalations, referrals, statements.

Belongs here: one dated line an event, actions of one kind and moment folded into one line with their number.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, time

from pydantic import BaseModel, ConfigDict

from orchestration.packaging.facts import Facts, Row
from orchestration.reporting.formats import name, plural


class Event(BaseModel):
    """One line of the timeline; `row_table` holds the rows it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    text: str
    row_table: str


def timeline(facts: Facts) -> tuple[Event, ...]:
    """Return the events in order of time, ties by text."""
    events = [
        *_usage(facts),
        *_openings(facts),
        *_each(facts, "reviews", _review_facts),
        *_actions(facts),
        *_each(facts, "appeals", _appeal_facts),
        *_each(facts, "escalations", _escalation_facts),
        *_each(facts, "referrals", _referral_facts),
        *_each(facts, "attributions", _attribution_facts),
        *_each(facts, "corroboration", _corroboration_facts),
    ]
    folded = Counter((e.at, e.text, e.row_table) for e in events)
    return tuple(
        Event(at=at, text=text if times == 1 else f"{text} ({times} times)", row_table=table)
        for (at, text, table), times in sorted(folded.items())
    )


def _usage(facts: Facts) -> list[Event]:
    days = [r["activity_date"] for r in facts["usage_days"] if r["request_count"]]
    if not days:
        return []
    first, last = datetime.combine(min(days), time()), datetime.combine(facts.evidence_as_of, time(23, 59))
    return [
        Event(at=first, text="First requests of the case's accounts on record", row_table="usage_days"),
        Event(at=last, text="End of the night of the evidence", row_table="scores"),
    ]


def _each(facts: Facts, table: str, read: Callable[[Row], Iterable[tuple[datetime | None, str]]]) -> list[Event]:
    return [Event(at=at, text=text, row_table=table) for row in facts[table] for at, text in read(row) if at is not None]


def _openings(facts: Facts) -> list[Event]:
    days = Counter(row["created_at"].date() for row in facts["accounts"] if row["created_at"])
    return [
        Event(at=datetime.combine(day, time()), text=f"Accounts of the case opened: {amount}", row_table="accounts")
        for day, amount in sorted(days.items())
    ]


def _review_facts(row: Row) -> list[tuple[datetime | None, str]]:
    second = "second review" if row["is_second_review"] else "review"
    queued = datetime.combine(row["first_queued_on"], time(23, 59)) if row["first_queued_on"] else None
    verdict = f"Verdict of the {second}: {row['verdict']}" if row["verdict"] else f"The {second} was closed without a verdict"
    return [
        (queued, f"Lead {row['lead_id']} entered the queue ({name(row['selection'])})"),
        (row["opened_at"], f"A {second} began"),
        (row["decided_at"], verdict),
    ]


def _actions(facts: Facts) -> list[Event]:
    found: Counter[tuple[datetime, str]] = Counter()
    for row in facts["actions"]:
        kind, surface = name(row["action_type"]), name(row["surface"]).lower()
        if row["decided_at"]:
            found[(_minute(row["decided_at"]), f"{kind} decided, {surface}")] += 1
        if row["notice_sent_at"]:
            found[(_minute(row["notice_sent_at"]), f"Notice sent: {kind.lower()}, {surface}")] += 1
        if row["effective_at"]:
            day = row["effective_at"].replace(hour=0, minute=0, second=0, microsecond=0)
            found[(day, f"{kind} in effect from this day, {surface}")] += 1
        if row["reversed_at"]:
            found[
                (_minute(row["reversed_at"]), f"{kind} reversed ({row['reversal_ground'] or 'no stated ground'}), {surface}")
            ] += 1
    return [
        Event(at=at, text=f"{text}: {plural(amount, 'action')}", row_table="actions")
        for (at, text), amount in sorted(found.items())
    ]


def _appeal_facts(row: Row) -> list[tuple[datetime | None, str]]:
    outcome = name(row["outcome"]).lower() if row["outcome"] else "undecided"
    return [(row["filed_at"], "An appeal was filed"), (row["decided_at"], f"An appeal was decided: {outcome}")]


def _escalation_facts(row: Row) -> list[tuple[datetime | None, str]]:
    channel = name(row["channel"]).lower()
    return [
        (row["sent_at"], f"Escalated to {channel}{', with a legal hold' if row['legal_hold'] else ''}"),
        (row["decided_at"], f"Escalation to {channel}: {row['outcome'] or 'no outcome'}"),
        (row["hold_released_at"], f"Legal hold of the escalation to {channel} ends"),
    ]


def _referral_facts(row: Row) -> list[tuple[datetime | None, str]]:
    return [
        (row["sent_at"], f"Referred to partner {row['partner']}"),
        (row["acknowledged_at"], f"Partner {row['partner']} acknowledged"),
        (row["acted_at"], f"Partner {row['partner']} acted"),
    ]


def _attribution_facts(row: Row) -> list[tuple[datetime | None, str]]:
    return [(row["stated_at"], f"A person stated an attribution, version {row['version']}")]


def _corroboration_facts(row: Row) -> list[tuple[datetime | None, str]]:
    return [(row["observed_at"], f"Corroboration from outside: {row['kind'].replace('_', ' ')}")]


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
