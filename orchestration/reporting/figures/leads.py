"""Tonight's queue: each lead with who, why, how sure and until when."""

import json
from collections.abc import Collection
from datetime import datetime, time
from typing import Any

from pydantic import BaseModel, ConfigDict

from orchestration.publishing.notes import NO_SIGNAL
from orchestration.reporting.formats import count, interval, iso, name, share
from orchestration.reporting.release import Release
from orchestration.reporting.subjects.subject import page_of
from orchestration.reporting.tables import Cell, Table, TableColumn, lines, linked, numeric, text

AGAINST_COUNT = 2
_LEADS = """
select
    review_queue.*,
    scores.log_odds, scores.score, scores.lower, scores.upper, scores.role, scores.coverage_share, scores.reasons
from review_queue
left join scores
    on review_queue.subject_type = scores.subject_type
    and review_queue.subject_id = scores.subject_id
    and scores.as_of_date = $as_of_date
where review_queue.as_of_date = $as_of_date
order by review_queue.priority nulls last, scores.log_odds desc nulls last, review_queue.lead_id
"""


class QueueState(BaseModel):
    """The queue in numbers: leads in all, past due as of the release's date, from outside, and without a score."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lead_count: int
    past_due_count: int
    external_count: int
    unscored_count: int
    next_due_at: datetime | None


def read_leads(release: Release, pages: Collection[str] = ()) -> tuple[Table, QueueState]:
    """Return the queue's table, priority 1 first, and its state; the leads whose ids are in `pages` lead to their page."""
    found = release.rows(_LEADS)
    is_calibrated = release.manifest.is_calibrated
    end_of_day = datetime.combine(release.manifest.as_of_date, time.max)
    evidence = TableColumn(title="Probability" if is_calibrated else "Evidence (log-odds)", kind="number")
    table = Table(
        table_id="leads",
        caption="Leads in tonight's review queue",
        is_wide=True,
        columns=(
            TableColumn(title="Priority", kind="number"),
            TableColumn(title="Lead", kind="link"),
            TableColumn(title="Subject", is_facet=True),
            TableColumn(title="Subject id", kind="id"),
            TableColumn(title="Consistent with", is_facet=True),
            evidence,
            TableColumn(title="Why it is here", kind="list"),
            TableColumn(title="Clause", is_facet=True),
            TableColumn(title="Due"),
            TableColumn(title="Selected by", is_facet=True),
        ),
        rows=tuple(_cells(row, is_calibrated, pages) for row in found),
        empty="No lead is in the queue.",
    )
    dues = [row["due_at"] for row in found if row["due_at"] is not None]
    ahead = [due for due in dues if due > end_of_day]
    state = QueueState(
        lead_count=len(found),
        past_due_count=len(dues) - len(ahead),
        external_count=sum(1 for row in found if row["selection"] == "external"),
        unscored_count=sum(1 for row in found if row["log_odds"] is None),
        next_due_at=min(ahead, default=None),
    )
    return table, state


def against_lines(reasons: str | None) -> list[str]:
    """Return what speaks most against a lead, as sentences with their contributions; that nothing does is said.

    `reasons` is the JSON array of a score row; text that is no such array is stated as unreadable, never dropped.
    """
    if not reasons:
        return []
    try:
        weighed = [(float(reason.get("contribution") or 0), reason) for reason in json.loads(reasons)]
        against = [(by, reason) for by, reason in weighed if by < 0 and reason.get("signal_id") not in NO_SIGNAL]
        against.sort(key=lambda one: (one[0], str(one[1].get("signal_id"))))
    except (json.JSONDecodeError, AttributeError, TypeError, ValueError):
        return ["The reasons of this score could not be read."]
    said = [f"Against ({by:+.2f}): {_sentence(reason)}" for by, reason in against[:AGAINST_COUNT]]
    rest = len(against) - len(said)
    more = [f"and {rest:,} more against it"] if rest > 0 else []
    return [*said, *more] or ["Against: nothing that could be computed."]


def _sentence(reason: dict[str, Any]) -> str:
    words = str(reason.get("text") or name(str(reason.get("signal_id") or "unnamed reason"))).rstrip(".")
    return f"{words}."


def _cells(row: dict[str, Any], is_calibrated: bool, pages: Collection[str]) -> tuple[Cell, ...]:
    return (
        numeric(count(row["priority"]), row["priority"]),
        linked(row["lead_id"], page_of(row["lead_id"]) if row["lead_id"] in pages else None),
        text(name(row["subject_type"])),
        text(row["subject_id"]),
        text(name(row["role"])),
        _evidence(row, is_calibrated),
        lines([*_why(row["why"]), *against_lines(row["reasons"]), *_coverage(row["coverage_share"])]),
        text(row["suggested_clause"]),
        text(iso(row["due_at"])),
        text(name(row["selection"])),
    )


def _why(why: str | None) -> list[str]:
    return [f"{why.rstrip('.')}."] if why else []


def _coverage(coverage_share: float | None) -> list[str]:
    """Say what share of the signals could be computed, where it is not all of them."""
    if coverage_share is None or coverage_share >= 1:
        return []
    return [f"{share(coverage_share)} of its signals could be computed."]


def _evidence(row: dict[str, Any], is_calibrated: bool) -> Cell:
    if row["log_odds"] is None:
        return numeric("not scored", None)
    if not is_calibrated:
        return numeric(f"{row['log_odds']:+.2f}", row["log_odds"])
    return numeric(f"{share(row['score'])} ({interval(row['lower'], row['upper'], 'share')})", row["score"])
