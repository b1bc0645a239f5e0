"""How the provider's reviewers judge a lead: with stated error rates, sometimes twice.

Belongs here: verdicts and the review rows. Reviewers see the release; their errors are drawn against the ground truth.
"""

from dataclasses import dataclass

import numpy as np

from simulator.outside import Row
from simulator.streams import generator
from simulator.tables import id_text

SENSITIVITY, SPECIFICITY = 0.92, 0.96
INSUFFICIENT, SECOND_REVIEWS, NEVER_OPENED = 0.05, 0.15, 0.03
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
REVIEWERS = 9

GUILTY = ("distiller_direct", "distiller_via_proxy", "log_harvesting_reseller", "reseller", "trial_farmer")
VICTIM = "stolen_key_victim"
_REVIEW_ROLE = {
    "distiller_direct": "distiller", "distiller_via_proxy": "distiller",
    "log_harvesting_reseller": "log_harvesting_reseller", "reseller": "reseller", "trial_farmer": "trial_farmer",
    VICTIM: VICTIM, "authorised_aggregator": "authorised", "authorised_synthetic_data": "authorised",
    "contract_breach": "authorised",
}  # fmt: skip
CLAUSES = {
    "distiller": "tou-3.2-model-training", "log_harvesting_reseller": "tou-3.2-model-training",
    "reseller": "tou-4.1-resale", "trial_farmer": "tou-5.3-fraud", VICTIM: "tou-5.3-fraud",
}  # fmt: skip
_TACTICS = {
    "distiller": "templated_extraction", "log_harvesting_reseller": "bulk_harvesting", "reseller": "credentials",
    "trial_farmer": "account_lifecycle", VICTIM: "credentials",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What the first reviewer found and when (microseconds); `role` is the role found, not the true one."""

    verdict: str
    role: str
    clause: str | None
    reviewer: int
    decided_at: int


@dataclass(frozen=True)
class Subject:
    """The truth about a lead's subject: the role and look-alike of most of its accounts, and whether it violates."""

    role: str
    lookalike_id: str | None
    violates: bool


def _reviewer(number: int) -> int:
    return int(generator("reviewer", number).integers(-(2**63), 2**63))


def _verdict(subject: Subject, stream: np.random.Generator) -> tuple[str, str]:
    """Return the verdict and the role found; a wrong accusation names distillation or resale."""
    if stream.random() < INSUFFICIENT:
        return "insufficient", "benign"
    accuses = stream.random() < (SENSITIVITY if subject.violates else 1.0 - SPECIFICITY)
    truth = _REVIEW_ROLE.get(subject.role, "benign")
    if not accuses:
        return "benign", "authorised" if truth == "authorised" else "benign"
    if subject.violates:
        return "violation", truth
    return "violation", "distiller" if stream.random() < 0.6 else "reseller"


def _row(lead: Row, finding: Finding, subject: Subject, *, opened_at: int, second: bool, token: int, sure: float) -> Row:
    held = subject.lookalike_id if finding.verdict == "benign" else None
    return lead | {
        "review_id": id_text("rev", token), "reviewer_hash": _reviewer(finding.reviewer), "opened_at": opened_at,
        "decided_at": finding.decided_at, "verdict": finding.verdict, "policy_clause_id": finding.clause,
        "tactic_id": _TACTICS.get(finding.role), "role": None if finding.verdict == "insufficient" else finding.role,
        "lookalike_id": held, "confidence": sure, "is_second_review": second, "rationale_ref": id_text("ref",
        token ^ 1),
    }  # fmt: skip


def reviewed(lead: Row, subject: Subject, morning: int, seed: int) -> tuple[Finding | None, list[Row]]:
    """Return the first finding and the review rows of a lead whose review may begin on the day of `morning` (midnight).

    `lead` holds lead_id, subject_type, subject_id and release_id. None and no rows when the lead is never opened.
    """
    stream = generator(seed, "review", str(lead["lead_id"]))
    if stream.random() < NEVER_OPENED:
        return None, []
    day = int(stream.choice([0, 1, 2, 3], p=[0.85, 0.09, 0.04, 0.02]))
    opened_at = morning + day * DAY_US + int((8 + 9 * stream.random()) * HOUR_US)
    first, row = _one(lead, subject, stream, opened_at=opened_at, second=False, reviewer=int(stream.integers(0, REVIEWERS)))
    rows = [row]
    if stream.random() < SECOND_REVIEWS:
        other = (first.reviewer + 1 + int(stream.integers(0, REVIEWERS - 1))) % REVIEWERS
        rows.append(_one(lead, subject, stream, opened_at=first.decided_at + HOUR_US, second=True, reviewer=other)[1])
    return first, rows


def _one(
    lead: Row, subject: Subject, stream: np.random.Generator, *, opened_at: int, second: bool, reviewer: int
) -> tuple[Finding, Row]:
    verdict, role = _verdict(subject, stream)
    took = min(3.0 * DAY_US, float(np.exp(np.log(2.5) + 0.9 * stream.standard_normal())) * HOUR_US)
    clause = CLAUSES.get(role) if verdict == "violation" else None
    if role == "reseller" and clause and stream.random() < 0.3:
        clause = "tou-2.4-region"
    finding = Finding(verdict, role, clause, reviewer, opened_at + int(took))
    token = int(stream.integers(0, 2**63))
    sure = round(0.5 + 0.48 * float(stream.random()), 2)
    return finding, _row(lead, finding, subject, opened_at=opened_at, second=second, token=token, sure=sure)
