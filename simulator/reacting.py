"""Reacting to a release: reviewers work its queue, cases are acted on, operators come back.

Belongs here: one pass over the queue. A lead is worked once; the plan of all that follows is kept in the truth folder,
so that later days deliver it without the release.
"""

from collections import Counter
from pathlib import Path

import numpy as np

from simulator import catalogue as cat
from simulator.blocks import Block
from simulator.consequences import Consequences
from simulator.enforcing import Case, Enforcement, Target, arrival
from simulator.people import epoch_us
from simulator.release import Lead, read_release
from simulator.returning import planned_returns
from simulator.reviewing import GUILTY, VICTIM, Subject, reviewed
from simulator.settings import SimulatorSettings


class _Register:
    """The ground truth by account id."""

    def __init__(self, everyone: Block) -> None:
        self._who, self._first = everyone.who, everyone.first
        self._place = {value: spot for spot, value in enumerate(everyone.who["account_key"].tolist())}

    def places(self, account_ids: tuple[str, ...]) -> list[int]:
        """Return the places of the accounts that the provider knows."""
        keys = (int(text[5:], 16) for text in account_ids if text.startswith("acct_"))
        return [self._place[value] for value in keys if value in self._place]

    def subject(self, places: list[int]) -> Subject:
        """Return the truth about most of the accounts."""
        roles = [str(self._who["role"][spot]) for spot in places]
        alike = Counter(self._who["lookalike_id"][spot] for spot in places)
        guilty = sum(role in GUILTY or role == VICTIM for role in roles)
        violating = guilty * 2 > len(roles)
        counted = Counter(role for role in roles if not violating or role in GUILTY or role == VICTIM)
        most = min(counted, key=lambda role: (-counted[role], role))
        held = min(alike, key=lambda name: (-alike[name], str(name)))
        return Subject(most, held, violating)

    def target(self, spot: int) -> Target:
        """Return an account as the target of an action."""
        first = self._first
        through = (first["surface"][spot] == cat.PARTNER) | (
            (first["second_surface"][spot] == cat.PARTNER) & (first["second_surface_share"][spot] > 0)
        )
        partner = int(min(first["partner"][spot], len(cat.PARTNERS) - 1)) if bool(through) else None
        return Target(int(self._who["account_key"][spot]), str(self._who["role"][spot]), partner)

    def operator(self, account_key: int) -> int:
        """Return the key of the operator of an account."""
        return int(self._who["operator_key"][self._place[account_key]])


def react(settings: SimulatorSettings, folder: Path, everyone: Block, state: Consequences) -> None:
    """Work the newest queue of the release in `folder`, with reviews that begin on the first day asked for.

    Leads that were worked before are passed over. Raises ValueError when the release knows the first day already.
    """
    view = read_release(folder)
    if view.as_of >= settings.start:
        raise ValueError(
            f"reviewers can only react to a release of an earlier day than {settings.start}, given "
            f"{view.release_id} as of {view.as_of}: ask for the days after it"
        )
    register = _Register(everyone)
    for lead in view.leads:
        if lead.lead_id not in state.leads:
            state.leads[lead.lead_id] = (view.release_id, settings.start)
            _work(settings, lead, view.release_id, register, state)


def _work(settings: SimulatorSettings, lead: Lead, release_id: str, register: _Register, state: Consequences) -> None:
    places = register.places(lead.accounts)
    if not places:
        return
    seen: dict[str, object] = {
        "lead_id": lead.lead_id, "subject_type": lead.subject_type, "subject_id": lead.subject_id,
        "release_id": release_id,
    }  # fmt: skip
    finding, rows = reviewed(seen, register.subject(places), epoch_us(settings.start), settings.seed)
    for row in rows:
        opened, decided = int(str(row["opened_at"])), int(str(row["decided_at"]))
        if arrival(opened) != arrival(decided):
            still_open = {name: row[name] for name in (*seen, "review_id", "reviewer_hash", "opened_at", "is_second_review")}
            state.journal.append((arrival(opened), lead.lead_id, "review_decisions", still_open))
        state.journal.append((arrival(decided), lead.lead_id, "review_decisions", row))
    if finding is None or finding.verdict != "violation":
        return
    case_id = "case_" + lead.lead_id.rsplit("_", 1)[-1]
    actor = lead.subject_id if lead.subject_type == "actor" else None
    enforcement = Enforcement(state, Case(case_id, lead.lead_id, actor, release_id, finding), settings.seed)
    enforcement.act(tuple(register.target(spot) for spot in places))
    operators = np.unique([register.operator(target.key) for target, _ in enforcement.stopped]).tolist()
    for operator in operators:
        stopped = [pair for pair in enforcement.stopped if register.operator(pair[0].key) == operator]
        state.returns.extend(planned_returns(case_id, operator, stopped, settings.seed))
