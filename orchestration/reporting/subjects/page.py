"""A lead's page: what is asked, what its subject did, beside whom, linked how, and what speaks against."""

from collections.abc import Sequence
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from orchestration.publishing.notes import KIND_WORDS
from orchestration.reporting.answers import Answer
from orchestration.reporting.formats import MISSING, count, iso, listed, name, number, plural, share
from orchestration.reporting.release import Manifest
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.subjects.link_graph import LinkGraph, link_graph_of
from orchestration.reporting.subjects.subject import Link, Member, Reason, Subject
from orchestration.reporting.subjects.timeline import Timeline, timeline_of
from orchestration.reporting.tables import Table, TableColumn, numeric, text

WIDTHS = {"wide": 760.0, "narrow": 340.0}
"""Widths of a drawing in SVG units; the page shows the one that fits."""
_WEEK = 7
_REASONS = 12
"""Signals that speak for a lead shown at once; the others, which weigh less, are a key press away."""


class LeadPage(BaseModel):
    """The page of one lead; `root` leads from it back to the site's folder, drawings are by size."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    manifest: Manifest
    subject: Subject
    title: str
    lead: str
    answers: tuple[Answer, Answer, Answer]
    activity: str
    day_count: int
    timelines: dict[str, Timeline]
    graphs: dict[str, LinkGraph]
    speaks_for: tuple[Reason, ...]
    weakly_for: tuple[Reason, ...]
    speaks_against: tuple[Reason, ...]
    widest: float
    members: Table
    links: Table
    links_title: str
    settings: ReportSettings
    root: str = "../"

    @property
    def uncovered(self) -> str | None:
        """The share of the subject's signals that could not be computed; None where all could, or none is known."""
        known = self.subject.lead.coverage_share
        return None if known is None or known >= 1 else share(1 - known)

    @property
    def by_account(self) -> dict[str, Member]:
        """The accounts of the page by id."""
        return {member.account_id: member for member in self.subject.members}


def build_lead_page(subject: Subject, manifest: Manifest, settings: ReportSettings) -> LeadPage:
    """Return the page of a queued subject."""
    lead = subject.lead
    as_of = manifest.as_of_date
    graphs = {size: link_graph_of(subject.links, settings.drawn_member_count, width) for size, width in WIDTHS.items()}
    speaking = [reason for reason in subject.reasons if reason.weight > 0]
    day_count = _day_count(subject, as_of, settings.traffic_day_count)
    return LeadPage(
        manifest=manifest,
        subject=subject,
        title=_title(subject),
        lead=f"{name(lead.subject_type)} {lead.subject_id}, {lead.lead_id} in the queue of {as_of}: a question, not a finding.",
        answers=(
            ("Who it is", lead.note.who),
            ("How sure we are", f"{lead.note.how_sure}{_moved(subject)}"),
            ("What needs a decision", f"{lead.note.next_step}{_cases(subject)}"),
        ),
        activity=_activity(subject, as_of),
        day_count=day_count,
        timelines={size: timeline_of(subject.days, subject.events, as_of, day_count, width) for size, width in WIDTHS.items()},
        graphs={size: graph for size, graph in graphs.items() if graph},
        speaks_for=tuple(speaking[:_REASONS]),
        weakly_for=tuple(speaking[_REASONS:]),
        speaks_against=tuple(reason for reason in subject.reasons if reason.weight <= 0),
        widest=max((abs(reason.weight) for reason in subject.reasons), default=1.0),
        members=_members(subject),
        links=_links(subject),
        links_title=_links_title(subject),
        settings=settings,
    )


def _title(subject: Subject) -> str:
    said = subject.lead.note.headline.removeprefix(f"{subject.lead.subject_id}: ")
    return said[:1].upper() + said[1:]


def _moved(subject: Subject) -> str:
    """Say how the evidence moved since the night before, where it was scored on both."""
    now, before = subject.lead.log_odds, subject.lead.log_odds_before
    if now is None or before is None:
        return " It had no score the night before." if now is not None else ""
    if abs(now - before) < 0.01:
        return " The evidence is that of the night before."
    return f" The evidence moved by {now - before:+.2f} since the night before."


def _cases(subject: Subject) -> str:
    return f" It belongs to {'case' if len(subject.case_ids) == 1 else 'cases'} {listed(list(subject.case_ids))}." * bool(
        subject.case_ids
    )


def _day_count(subject: Subject, as_of: date, most: int) -> int:
    """Return how many days are drawn: from the first on which anything is known on, four weeks at least."""
    first = min([*subject.days, *(event.on for event in subject.events)], default=as_of)
    return min(most, max(4 * _WEEK, (as_of - first).days + 1))


def _activity(subject: Subject, as_of: date) -> str:
    """Say the last week's requests beside those of the week before."""
    weeks = [sum(subject.days.get(as_of - timedelta(days=day), 0) for day in range(start, start + _WEEK)) for start in (0, _WEEK)]
    if not any(subject.days.values()):
        return "No request in the days drawn"
    return f"{number(weeks[0] / _WEEK)} requests a day in the last week, {number(weeks[1] / _WEEK)} in the week before"


def _members(subject: Subject) -> Table:
    return Table(
        table_id="members",
        caption="Accounts of the actor" if subject.lead.is_actor else "The account",
        is_wide=True,
        columns=(
            TableColumn(title="No.", kind="number"),
            TableColumn(title="Account", kind="id"),
            TableColumn(title="Basis", is_facet=True),
            TableColumn(title="Strength", kind="number"),
            TableColumn(title="Own evidence", kind="number"),
            TableColumn(title="Requests, 28 days", kind="number"),
            TableColumn(title="Tier", is_facet=True),
            TableColumn(title="Type", is_facet=True),
            TableColumn(title="Status", is_facet=True),
            TableColumn(title="Opened"),
            TableColumn(title="Joined"),
        ),
        rows=tuple(
            (
                numeric(str(member.number), member.number),
                text(member.account_id),
                text(_basis(member)),
                numeric(number(member.membership_strength), member.membership_strength),
                numeric(_signed(member.own_evidence), member.own_evidence),
                numeric(count(member.requests_28d), member.requests_28d),
                text(name(member.tier)),
                text(name(member.account_type)),
                text(name(member.status)),
                text(iso(member.created_at.date() if member.created_at else None)),
                text(iso(member.joined_on)),
            )
            for member in subject.members
        ),
        empty="The release names no account of it.",
    )


def _basis(member: Member) -> str | None:
    return {"act": "for action", "hold": "held"}.get(member.basis or "", member.basis)


def _signed(value: float | None) -> str:
    return MISSING if value is None else f"{value:+.2f}"


def _links(subject: Subject) -> Table:
    numbers = {member.account_id: member.number for member in subject.members}
    return Table(
        table_id="links",
        caption="Pairs of linked accounts, the heaviest first",
        is_wide=True,
        columns=(
            TableColumn(title="Accounts"),
            TableColumn(title="Linked by"),
            TableColumn(title="Rests on", is_facet=True),
            TableColumn(title="Weight", kind="number"),
            TableColumn(title="First seen"),
            TableColumn(title="Last seen"),
        ),
        rows=tuple(
            (
                text(" and ".join(_numbered(account_id, numbers) for account_id in (link.account_id_a, link.account_id_b))),
                text(", ".join(KIND_WORDS.get(kind, name(kind)) for kind in link.link_kinds)),
                text(link.rests_on),
                numeric(number(link.weight), link.weight),
                text(iso(link.first_seen_on)),
                text(iso(link.last_seen_on)),
            )
            for link in subject.links
        ),
        empty="No link of it is on record.",
    )


def _numbered(account_id: str, numbers: dict[str, int]) -> str:
    return f"No. {numbers[account_id]}" if account_id in numbers else account_id


def _kinds_of(links: Sequence[Link]) -> str:
    weight: dict[str, float] = {}
    for link in links:
        for kind in link.link_kinds:
            weight[kind] = weight.get(kind, 0.0) + link.weight / len(link.link_kinds)
    ordered = sorted(weight, key=lambda kind: (-weight[kind], kind))
    return listed([KIND_WORDS.get(kind, name(kind)) for kind in ordered[:4]])


def _links_title(subject: Subject) -> str:
    """Return the finding about links."""
    if not subject.links:
        return "Nothing links it to another account"
    pairs = plural(subject.pair_count, "pair")
    return f"{pairs} of accounts linked, by {_kinds_of(subject.links)}"
