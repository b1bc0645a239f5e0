"""What follows a finding of violation: actions, appeals, referrals, assessments, escalations and attributions.

Belongs here: landing rows with the day each arrives, and the effects on accounts. A row whose state changes is
delivered again.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from simulator import catalogue as cat
from simulator.blocks import NEVER
from simulator.consequences import Consequences, Kind
from simulator.outside import Row
from simulator.reviewing import DAY_US, GUILTY, HOUR_US, VICTIM, Finding
from simulator.streams import generator
from simulator.tables import id_text

_TYPES = ("termination", "suspension", "rate_limit", "feature_block", "warning")
_CHANCES = {
    "distiller": (0.62, 0.24, 0.06, 0.03, 0.05), "log_harvesting_reseller": (0.5, 0.3, 0.1, 0.02, 0.08),
    "reseller": (0.35, 0.35, 0.12, 0.02, 0.16), "trial_farmer": (0.75, 0.2, 0.02, 0.0, 0.03),
}  # fmt: skip
RUBRIC = (
    "volume_and_pattern",
    "capability_concentration",
    "coordinated_accounts",
    "development_timeline",
    "exclusions",
)


@dataclass(frozen=True)
class Target:
    """An account of a lead: its key, true role, and the partner (code) through which part of its use comes, or None."""

    key: int
    role: str
    partner: int | None


@dataclass(frozen=True)
class Case:
    """A lead found to violate: its ids, the finding and the release it stood on."""

    case_id: str
    lead_id: str
    actor_id: str | None
    release_id: str
    finding: Finding


def arrival(moment: int) -> date:
    """Return the UTC day of a moment in microseconds since 1970."""
    return date(1970, 1, 1) + timedelta(days=moment // DAY_US)


class Enforcement:
    """Plans everything that follows one case and books it in the consequences."""

    def __init__(self, state: Consequences, case: Case, seed: int) -> None:
        self._state, self._case = state, case
        self._stream = generator(seed, "enforcement", case.lead_id)
        self.stopped: list[tuple[Target, int]] = []

    def act(self, targets: tuple[Target, ...]) -> None:
        """Act on the accounts of the case, by one kind of action for most of them, and on its formal channels."""
        stream, finding = self._stream, self._case.finding
        common = self._kind(finding.role)
        decided = finding.decided_at + int(min(4.0, 0.2 * float(np.exp(stream.standard_normal()))) * DAY_US)
        already = self._state.intervals("suspension", "termination")
        for target in targets:
            chance = 0.95 if target.role in GUILTY or target.role == VICTIM else 0.5
            acts = stream.random() < chance
            kind = common if stream.random() < 0.85 else self._kind(finding.role)
            if acts and already.get(target.key, (0, 0))[1] < decided:
                self._account(target, kind, decided)
        self._channels(targets, decided)

    def _kind(self, role: str) -> str:
        return _TYPES[int(self._stream.choice(len(_TYPES), p=_CHANCES.get(role, _CHANCES["reseller"])))]

    def _token(self, prefix: str) -> str:
        return id_text(prefix, int(self._stream.integers(0, 2**63)))

    def _hash(self, role: str, people: int) -> int:
        return int(generator(role, int(self._stream.integers(0, people))).integers(-(2**63), 2**63))

    def _deliver(self, table: str, moment: int, row: Row) -> None:
        self._state.journal.append((arrival(moment), self._case.lead_id, table, dict(row)))

    def _account(self, target: Target, kind: str, decided: int) -> None:
        if target.role == VICTIM and self._case.finding.role == VICTIM:
            effective = decided + 2 * HOUR_US
            self._action(target, "victim_notice", decided, decided + HOUR_US)
            self._action(target, "key_revocation", decided, effective)
            self._effect(target, "cure", effective, int(NEVER))
            return
        stream = self._stream
        slow = stream.random() < 0.1
        effective = decided + int((24 + 24 * stream.random() if slow else 0.2 + 10 * stream.random()) * HOUR_US)
        row = self._action(target, kind, decided, effective)
        ends = int(NEVER)
        if row["expires_at"] is not None:
            ends = int(str(row["expires_at"]))
        reversed_at = self._appeal(target, row, decided)
        if reversed_at is not None:
            ends = min(ends, reversed_at)
        if kind in ("suspension", "termination"):
            self._effect(target, "termination" if kind == "termination" else "suspension", effective, ends)
            if reversed_at is None and target.role in GUILTY:
                self.stopped.append((target, effective))
        elif kind == "rate_limit":
            self._effect(target, "limit", effective, ends)

    def _effect(self, target: Target, kind: Kind, begins: int, ends: int) -> None:
        if begins < ends:
            self._state.effects.append((target.key, kind, begins, ends))

    def _action(self, target: Target, kind: str, decided: int, effective: int) -> Row:
        case, stream = self._case, self._stream
        expires = effective + 14 * DAY_US if kind == "rate_limit" or (kind == "suspension" and stream.random() < 0.2) else None
        direct = target.partner is not None and kind in ("suspension", "termination")
        # On a partner's platform only the partner can act: the provider's own action covers its own surfaces.
        surfaces = ("api", "chat", "coding_agent") if direct else ("all",)
        row: Row = {}
        for surface in surfaces:
            row = {
                "action_id": self._token("act"), "case_id": case.case_id, "account_id": id_text("acct", target.key),
                "actor_id": case.actor_id, "action_type": kind, "surface": surface,
                "scope": {"rate_limit": "25% of requests", "feature_block": "request_logprobs"}.get(kind),
                "policy_clause_id": case.finding.clause, "policy_version": "2026-01", "framework_version": "1",
                "decided_at": decided, "notice_sent_at": decided + HOUR_US, "effective_at": effective,
                "expires_at": expires, "reversed_at": None, "reversal_ground": None,
                "decided_by_hash": self._hash("decider", 5),
                "escalation_path": "legal" if stream.random() < 0.15 else "reviewer", "release_id": case.release_id,
                "lead_id": case.lead_id, "rationale_ref": self._token("ref"),
            }  # fmt: skip
            self._deliver("enforcement_actions", decided, row)
        return row

    def _appeal(self, target: Target, action: Row, decided: int) -> int | None:
        """Book an appeal, if there is one, and return when the action was reversed, or None."""
        stream = self._stream
        innocent = target.role not in GUILTY
        if stream.random() >= (0.6 if innocent else 0.08):
            return None
        filed = decided + HOUR_US + int(min(20.0, stream.exponential(3.0)) * DAY_US)
        answered = filed + int((1 + 6 * stream.random()) * DAY_US)
        appeal: Row = {"appeal_id": self._token("apl"), "action_id": action["action_id"], "filed_at": filed}
        self._deliver("enforcement_appeals", filed, appeal)
        chances = (0.15, 0.75, 0.1) if innocent else (0.93, 0.04, 0.03)
        outcome = ("upheld", "overturned", "partially_overturned")[int(stream.choice(3, p=chances))]
        ground = "factual" if innocent else ("procedural", "goodwill")[int(stream.integers(0, 2))]
        if outcome == "upheld":
            ground = "factual"
        appeal |= {
            "decided_at": answered,
            "decided_by_hash": self._hash("appeals", 4),
            "outcome": outcome,
            "ground": ground,
        }
        self._deliver("enforcement_appeals", answered, appeal)
        if outcome != "overturned":
            return None
        # Every surface of the same account is given back together.
        booked = [
            row for _, lead, table, row in self._state.journal
            if table == "enforcement_actions" and lead == self._case.lead_id
            and row["account_id"] == action["account_id"] and row["reversed_at"] is None
        ]  # fmt: skip
        for row in booked:
            self._deliver("enforcement_actions", answered, row | {"reversed_at": answered, "reversal_ground": ground})
        return answered

    def _channels(self, targets: tuple[Target, ...], decided: int) -> None:
        for partner in sorted({target.partner for target in targets if target.partner is not None}):
            self._referral(partner, targets, decided)
        guilty = sum(target.role in GUILTY for target in targets)
        for number, line in enumerate(RUBRIC):
            for role in ("legal", "policy", "engineering")[: 2 + number % 2]:
                self._assessment(line, role, guilty * 2 > len(targets), decided)
        if len(targets) >= 10 or self._stream.random() < 0.15:
            self._escalation("legal" if self._stream.random() < 0.7 else "executive", decided)
        if self._case.finding.role == VICTIM:
            self._escalation("law_enforcement", decided)
        if self._case.actor_id is not None and guilty >= 10 and self._stream.random() < 0.7:
            self._attribution(self._case.actor_id, decided)

    def _referral(self, partner: int, targets: tuple[Target, ...], decided: int) -> None:
        stream = self._stream
        row: Row = {
            "referral_id": self._token("rfr"), "case_id": self._case.case_id, "partner": cat.PARTNERS[partner],
            "sent_at": decided + 3 * HOUR_US, "due_at": decided + 7 * DAY_US,
        }  # fmt: skip
        self._deliver("partner_referrals", decided + 3 * HOUR_US, row)
        outcome = ("acted", "declined", "insufficient", "no_answer")[int(stream.choice(4, p=(0.65, 0.1, 0.1, 0.15)))]
        if outcome == "no_answer":
            self._deliver("partner_referrals", decided + 10 * DAY_US, row | {"outcome": outcome})
            return
        heard = decided + int((0.5 + 2 * stream.random()) * DAY_US)
        done = heard + int((0.5 + 6 * stream.random()) * DAY_US)
        row |= {"acknowledged_at": heard}
        self._deliver("partner_referrals", heard, row)
        acted = outcome == "acted"
        self._deliver("partner_referrals", done, row | {"outcome": outcome, "acted_at": done if acted else None})
        for target in targets:
            if acted and target.partner == partner and target.role in GUILTY:
                self._effect(target, "partner_stop", done, int(NEVER))

    def _assessment(self, line: str, role: str, strong: bool, decided: int) -> None:
        stream = self._stream
        at = decided + int(stream.random() * DAY_US)
        self._deliver("case_assessments", at, {
            "assessment_id": self._token("asm"), "case_id": self._case.case_id, "assessed_at": at,
            "assessor_role": role, "rubric_line": line, "grade": int(stream.binomial(4, 0.75 if strong else 0.35)),
            "dissent": bool(stream.random() < (0.05 if strong else 0.25)), "signer_hash": self._hash(role, 3),
            "rationale_ref": self._token("ref"),
        })  # fmt: skip

    def _escalation(self, channel: str, decided: int) -> None:
        stream = self._stream
        sent = decided + HOUR_US
        held = stream.random() < 0.4
        row: Row = {
            "escalation_id": self._token("esc"), "case_id": self._case.case_id, "channel": channel, "sent_at": sent,
            "due_at": sent + 5 * DAY_US, "legal_hold": bool(held),
        }  # fmt: skip
        self._deliver("case_escalations", sent, row)
        answered = sent + int((1 + 8 * stream.random()) * DAY_US)
        self._deliver("case_escalations", answered, row | {
            "decided_at": answered, "outcome": "accepted" if stream.random() < 0.8 else "declined",
            "hold_released_at": answered + 30 * DAY_US if held and stream.random() < 0.3 else None,
        })  # fmt: skip

    def _attribution(self, actor_id: str, decided: int) -> None:
        stream = self._stream
        stated = decided + int((1 + 4 * stream.random()) * DAY_US)
        row: Row = {
            "attribution_id": self._token("atr"), "actor_id": actor_id, "version": 1, "stated_at": stated,
            "stated_by_hash": self._hash("analyst", 4), "statement_ref": self._token("ref"),
            "confidence": round(0.4 + 0.4 * float(stream.random()), 2), "source_count": int(stream.integers(1, 4)),
        }  # fmt: skip
        self._deliver("attributions", stated, row)
        if stream.random() < 0.3:
            later = stated + 5 * DAY_US
            self._deliver("attributions", later, row | {"superseded_at": later})
            self._deliver("attributions", later, row | {
                "attribution_id": self._token("atr"), "version": 2, "stated_at": later, "source_count": 4,
                "confidence": 0.85,
            })  # fmt: skip
