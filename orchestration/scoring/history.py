"""What earlier nights and verdicts mean for tonight's subjects: which lead lasts, who cools down, which draws still wait.

Belongs here: reading earlier queue rows and review decisions. Who is queued tonight is decided in `queue.py`.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from orchestration.scoring.settings import QueueSettings

Row = dict[str, Any]
Subject = tuple[str, str]


def lead_id_of(subject_type: str, subject_id: str, first_queued_on: date) -> str:
    """Return `lead_` and 16 hex digits of SHA-256 over subject and first queued date."""
    return "lead_" + hashlib.sha256(f"{subject_type}|{subject_id}|{first_queued_on}".encode()).hexdigest()[:16]


class ReviewHistory:
    """What is known of earlier leads: when a subject was first queued, and whether it was decided."""

    def __init__(self, as_of_date: date, reviews: pl.DataFrame, previous_queue: pl.DataFrame, settings: QueueSettings) -> None:
        self._as_of_date = as_of_date
        self._settings = settings
        oldest = as_of_date - timedelta(days=settings.cooldown_days + 1)
        previous_queue = previous_queue.filter(pl.col("as_of_date") >= oldest)
        last_night = previous_queue["as_of_date"].max()
        known = {(row["subject_type"], row["subject_id"]): row for row in previous_queue.iter_rows(named=True)}
        self._queued = {subject: row for subject, row in known.items() if row["as_of_date"] == last_night}
        self._signature = {subject: row["evidence_signature"] for subject, row in known.items()}
        self._decided: dict[Subject, datetime] = {}
        self._lead_decided: dict[str, datetime] = {}
        for row in _decided_reviews(reviews):
            subject = (row["subject_type"], row["subject_id"])
            self._decided[subject] = max(self._decided.get(subject, row["decided_at"]), row["decided_at"])
            self._lead_decided[row["lead_id"]] = row["decided_at"]
        opened = set(reviews.filter(pl.col("decided_at").is_null())["lead_id"])
        self._under_review = {
            subject: row
            for subject, row in known.items()
            if row["lead_id"] in opened and row["lead_id"] not in self._lead_decided
        }
        self.waiting_audits = {
            subject: row
            for subject, row in sorted(self._queued.items())
            if row["selection"].startswith("audit")
            and row["lead_id"] not in self._lead_decided
            and row["due_at"].date() >= as_of_date
        }

    def first_queued_on(self, subject: Subject) -> date:
        """A lead lasts while its subject stays queued and undecided or is under review; afterwards a new lead begins."""
        row = self._queued.get(subject) or self._under_review.get(subject)
        if row is None or row["lead_id"] in self._lead_decided:
            return self._as_of_date
        return row["first_queued_on"]

    def is_eligible(self, subject: Subject, evidence_signature: str) -> bool:
        """Whether the subject may be queued: not decided within the cool-down, or its evidence is new since."""
        decided = self._decided.get(subject)
        if decided is None or (self._as_of_date - decided.date()).days > self._settings.cooldown_days:
            return True
        # a lead that began after the verdict was let in for new evidence: it waits for its own verdict
        if self.first_queued_on(subject) < self._as_of_date and self.first_queued_on(subject) >= decided.date():
            return True
        known = self._signature.get(subject)
        return known is not None and not set(evidence_signature.split()) <= set(known.split())

    def waits_as(self, *strata: str) -> frozenset[Subject]:
        """Subjects whose lead of one of these strata was queued last night and is undecided."""
        return frozenset(
            subject
            for subject, row in self._queued.items()
            if row["stratum"] in strata and row["lead_id"] not in self._lead_decided
        )

    def is_decided_since(self, subject: Subject, received_at: datetime) -> bool:
        """Whether a verdict on the subject, or on a lead it may have had since `received_at`, ends an external lead.

        The lead ids are made again from the days since, so that a verdict counts when it names another subject (what the
        reviewer found) or the lead's queue is out of sight.
        """
        decided = self._decided.get(subject)
        if decided is not None and decided >= received_at:
            return True
        nights = range((self._as_of_date - received_at.date()).days + 1)
        ids = (lead_id_of(*subject, received_at.date() + timedelta(days=night)) for night in nights)
        return any(self._lead_decided.get(lead_id, datetime.min) >= received_at for lead_id in ids)


def _decided_reviews(reviews: pl.DataFrame) -> Iterable[Row]:
    return reviews.filter(pl.col("decided_at").is_not_null()).sort("review_id").iter_rows(named=True)
