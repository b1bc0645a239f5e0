"""What is known of one queued subject, before it becomes a page."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from orchestration.publishing.notes import LeadNote

FOLDER = "leads"
"""Where in a site the pages of leads are."""


def page_of(lead_id: str) -> str:
    """Return the file of a lead's page within the site."""
    return f"{FOLDER}/{lead_id}.html"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lead(_Frozen):
    """A lead of the night's queue and its subject's score; the evidence before is that of the night before, where it had any."""

    lead_id: str
    subject_type: str
    subject_id: str
    priority: int
    selection: str
    suggested_clause: str | None
    due_at: datetime
    first_queued_on: date | None
    role: str | None
    log_odds: float | None
    log_odds_before: float | None
    coverage_share: float | None
    note: LeadNote

    @property
    def is_actor(self) -> bool:
        """Whether the subject is an actor of several accounts."""
        return self.subject_type == "actor"


class Member(_Frozen):
    """An account of the subject; `number` is its place on the page. A single account has no membership."""

    number: int
    account_id: str
    requests_28d: int
    tier: str | None
    account_type: str | None
    status: str | None
    created_at: datetime | None
    joined_on: date | None
    membership_strength: float | None
    own_evidence: float | None
    basis: str | None


class Link(_Frozen):
    """What links two accounts, all kinds together; `weight` in natural logarithms of evidence."""

    account_id_a: str
    account_id_b: str
    link_kinds: tuple[str, ...]
    is_behavioural: bool
    weight: float
    first_seen_on: date | None
    last_seen_on: date | None

    @property
    def rests_on(self) -> str:
        """Whether the two are linked by identity or by behaviour alone."""
        return "behaviour alone" if self.is_behavioural else "identity"


class Reason(_Frozen):
    """One signal's part in the score: its value, the peers' where it compares, and its contributions in log-odds."""

    signal_id: str
    title: str
    sentence: str
    value: str
    baseline: str | None
    contribution: float
    resale_contribution: float

    @property
    def weight(self) -> float:
        """The contribution that is further from zero."""
        return max(self.contribution, self.resale_contribution, key=abs)


class Event(_Frozen):
    """Something that happened on a day, in words."""

    on: date
    words: str


class Subject(_Frozen):
    """One queued subject; `links` are the heaviest of its `pair_count` linked pairs, `days` requests by day, none left out."""

    lead: Lead
    members: tuple[Member, ...]
    links: tuple[Link, ...]
    pair_count: int
    reasons: tuple[Reason, ...]
    days: dict[date, int]
    events: tuple[Event, ...]
    case_ids: tuple[str, ...]
