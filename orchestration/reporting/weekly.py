"""The weekly operations view: budget, backlog, due dates, agreement, referrals, and what the gates kept out."""

from orchestration.reporting.answers import Answer
from orchestration.reporting.figures.nights import backlog_figure, capacity_figure, read_nights
from orchestration.reporting.figures.quality import gate_nights_table, gates_table
from orchestration.reporting.figures.quarantined import quarantined_figure
from orchestration.reporting.figures.queue_now import chosen_figure, due_figure
from orchestration.reporting.figures.referrals import referrals_figure, response_figure
from orchestration.reporting.figures.reviewing import agreement_figure, review_times_figure
from orchestration.reporting.formats import iso, listed, plural
from orchestration.reporting.metrics import Metric, definitions_of, overall
from orchestration.reporting.page import Page
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.view import Section, View

_MEASURES = {"reviewer_agreement", "time_to_review", "queue_capacity_share", "partner_response"}


def build_weekly(release: Release, metrics: tuple[Metric, ...], page: Page, settings: ReportSettings) -> View:
    """Return the view of the seven days that end with the release; `page` is the report of the same release."""
    manifest = release.manifest
    nights = read_nights(release, settings)
    capacity, backlog = capacity_figure(release, nights), backlog_figure(nights)
    referrals, unanswered, late = referrals_figure(release)
    answers: tuple[Answer, Answer, Answer] = (
        ("What changed", f"{capacity.title}. {backlog.title}."),
        ("How sure we are", f"Counts are complete, not samples. {_agreement(metrics)}"),
        ("What needs a decision", _needs(page, unanswered, late)),
    )
    return View(
        file_name="weekly.html",
        title="Weekly operations",
        lead="Review budget, backlog, due dates, agreement and partners, week by week.",
        manifest=manifest,
        answers=answers,
        sections=(
            Section(
                section_id="queue",
                title="The queue",
                figures=(
                    capacity,
                    backlog,
                    due_figure(release),
                    chosen_figure(release),
                ),
            ),
            Section(section_id="reviewing", title="Reviewing", figures=(agreement_figure(metrics), review_times_figure(metrics))),
            Section(section_id="partners", title="Partners", figures=(referrals, response_figure(metrics))),
            Section(
                section_id="gates",
                title="Gates and quarantine",
                figures=(quarantined_figure(release, settings),),
                tables=(gates_table(manifest), gate_nights_table(manifest, settings)),
            ),
        ),
        definitions=tuple(words for words in definitions_of(metrics) if words.metric in _MEASURES),
        settings=settings,
    )


def _agreement(metrics: tuple[Metric, ...]) -> str:
    row = overall(metrics, "reviewer_agreement")
    if row is None or row.value is None:
        return "How far reviewers agree could not be estimated yet."
    return f"Reviewers agree with a kappa of {row.stated}."


def _needs(page: Page, unanswered: int, late: int) -> str:
    needs: list[str] = []
    if page.queue.past_due_count:
        needs.append(f"{plural(page.queue.past_due_count, 'lead')} past due")
    if page.queue.next_due_at:
        needs.append(f"the next lead due {iso(page.queue.next_due_at)}")
    if unanswered:
        needs.append(f"{plural(unanswered, 'referral')} without an answer ({late:,} past due)")
    failed = [gate.gate for gate in page.manifest.gates if not gate.success]
    if failed:
        needs.append(f"{plural(len(failed), 'failed gate')} ({listed(failed)})")
    return f"{listed(needs)}." if needs else "Nothing: no lead is waiting, no referral is open and no gate failed."
