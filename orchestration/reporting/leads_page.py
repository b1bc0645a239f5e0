"""Tonight's leads: the whole queue, each lead with who, why, how sure and until when, and its page."""

from orchestration.reporting.answers import Answer
from orchestration.reporting.figures.leads import QueueState
from orchestration.reporting.formats import count, iso, plural
from orchestration.reporting.release import Manifest
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table
from orchestration.reporting.view import Section, View

LEADS = "leads.html"


def build_leads(manifest: Manifest, leads: Table, queue: QueueState, page_count: int, settings: ReportSettings) -> View:
    """Return the view of the queue, of whose leads `page_count` have a page."""
    return View(
        file_name=LEADS,
        title="Tonight's leads",
        lead="Who should be looked at, why, how sure that is, and until when.",
        manifest=manifest,
        answers=_answers(manifest, leads, queue, page_count),
        sections=(Section(section_id="queue", title="The queue", tables=(leads,)),),
        definitions=(),
        settings=settings,
    )


def _answers(manifest: Manifest, leads: Table, queue: QueueState, page_count: int) -> tuple[Answer, Answer, Answer]:
    total = len(leads.rows)
    pages = f" {plural(page_count, 'lead')} {'has' if page_count == 1 else 'have'} a page." if total else ""
    return (
        (
            "Who waits",
            f"{plural(total, 'lead')}, {queue.external_count:,} from outside, {queue.unscored_count:,} without a score. "
            "A lead is a question, not a finding: the role is what the evidence is consistent with, and reasons against count as "
            f"much as those for it.{pages}"
            if total
            else "Nobody: no lead is in the queue.",
        ),
        (
            "How sure we are",
            "Scores are calibrated and may be read as probabilities."
            if manifest.is_calibrated
            else f"Scores are not calibrated ({manifest.calibration_status}): evidence is in points of log-odds, which orders "
            "leads and is no probability.",
        ),
        (
            "What needs a decision",
            f"{count(queue.past_due_count)} past due"
            + (f", the next due {iso(queue.next_due_at)}. " if queue.next_due_at else ". ")
            + "Audit draws have no page: they are reviewed blind, on their forms (`stillwatch review export`)."
            if total
            else "Nothing.",
        ),
    )
