"""What was found in one world: frozen results, as they are kept on disk.

Belongs here: shapes and what a figure means. How it is computed lives in the modules of the judge.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.evaluation.worlds import WorldPlan
from orchestration.linking.quality import LinkingQuality

RESULT_VERSION = 2
"""Version of what a result file holds; a file of another version is computed anew, never filled up."""


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Recall(_Result):
    """A campaign on one as-of date.

    `active`: members with a request by then. `queued`: those of them who are, on that date, in an actor that has been
    queued by then and is in the right (most of its members violate). `linked`: those in an actor that is mostly the
    campaign, queued or not. `purity`: the campaign's share of the queued actors' members, mean over the members found;
    None where none was found.
    """

    as_of_date: date
    active: int
    queued: int
    linked: int
    purity: float | None

    @property
    def share(self) -> float:
        """Found over active members; 0 where none is active."""
        return self.queued / self.active if self.active else 0.0


class CampaignResult(_Result):
    """One campaign, its dials and how it was found before anybody reacted.

    `detected_on`: the first as-of date with a lead, chosen by score or drawn from the flagged, about one of its accounts
    or about an actor that is mostly the campaign. `nights` counts days from the first active day to it: 0 is the night that
    ends that day. `after_3` and `after_7` are recall that many nights after detection, None where that is after `end`, the
    last night before the reaction.
    """

    campaign_id: str
    role: str
    focus: str
    account_count: int
    requests_per_account_day: float
    dilution: float
    identity_share: float
    jitter: float
    rotation: float
    ageing_days: int
    handoff: float
    burst_share: float
    choices: int | None
    logprobs_share: float
    partner_members: float
    declined_share: float | None
    first_active_on: date
    detected_on: date | None
    nights: int | None
    after_3: Recall | None
    after_7: Recall | None
    end: Recall


class WrongLead(_Result):
    """A wrong lead on its first night: what it was about and how it was listed."""

    lead_id: str
    as_of_date: date
    subject_type: str
    listed_role: str | None
    account_count: int
    violating_count: int
    mostly: str


class LeadResult(_Result):
    """Leads that a score raised: distinct ones judged on their first night, and every lead of every night."""

    leads: int
    right: int
    lead_nights: int
    right_lead_nights: int
    victims_as_violators: int
    wrong: tuple[WrongLead, ...]


class GroupResult(_Result):
    """Accounts of one kind, innocent or violating outside campaigns: those with a request, and those a score ever queued.

    `alone`: by a lead of their own. `acted`: that, or as a member of a queued actor on whose membership an action may
    stand. `queued`: that, or as any member of a queued actor.
    """

    group: str
    accounts: int
    alone: int
    acted: int
    queued: int


class VictimResult(_Result):
    """Accounts whose key was stolen: how many had a request, were to be told or queued as victims, or queued as violators.

    `told`: by a key check; `others_told`: other accounts that had one, of `others` with a request. As violators: by a lead of
    their own in another role, or as a member of a queued actor (`acted`: a member on whose membership an action may stand).
    """

    accounts: int
    told: int
    others: int
    others_told: int
    as_victims: int
    as_violators: int
    as_violators_acted: int


class ReturnedAccount(_Result):
    """An account opened after enforcement: when it had made 100 requests and when it was first linked.

    `linked_on`: the first as-of date on which it shares an actor or a link with an account of the same operator that had
    been stopped by then. `is_new_card`: it kept no means of payment of the account it replaces.
    """

    account_id: str
    campaign_id: str | None
    is_new_card: bool
    requests: int
    hundredth_on: date | None
    linked_on: date | None


class SignalGroup(_Result):
    """Distinct subjects of one group: those a signal could be computed for, and those of them that it fired on.

    `group` is `guilty`, `victim`, or what the innocent are: a look-alike, else their role.
    """

    group: str
    side: Literal["guilty", "victim", "innocent"]
    computable: int
    fired: int


class SignalResult(_Result):
    """One signal over all nights of a world.

    `campaign_nights`: for every campaign with a request, nights from its first request to the first hit on a member or on
    an actor that is mostly it; None where it never fired on one. Of all subjects (`subject_count`) `valued_count` had a
    value; `greatest_support` is the most that one rested on, `greatest_excess` the largest deviation with enough support.
    """

    signal_id: str
    signal_version: int
    subject_type: Literal["account", "actor"]
    is_mitigating: bool
    groups: tuple[SignalGroup, ...]
    campaign_nights: tuple[int | None, ...]
    subject_count: int
    valued_count: int
    minimum_support: float
    greatest_support: float | None
    threshold: float
    greatest_excess: float | None

    def fired(self, *sides: str) -> int:
        """Return how many distinct subjects of these sides it fired on."""
        return sum(group.fired for group in self.groups if group.side in sides)

    def computable(self, *sides: str) -> int:
        """Return for how many distinct subjects of these sides it could be computed."""
        return sum(group.computable for group in self.groups if group.side in sides)


class ContractResult(_Result):
    """Contract checks of a world.

    `breaches`: accounts that left their contract with seven nights to go; `asked_in_time`: those of them with a check within
    seven nights of the first day outside. `inside`: contracted accounts that stayed inside; `inside_asked`: those of them
    with a check on any night.
    """

    breaches: int
    asked_in_time: int
    inside: int
    inside_asked: int


class WorldResult(_Result):
    """All that was found in one world, the release it was read from, and how long the world took."""

    result_version: Literal[2] = RESULT_VERSION
    plan: WorldPlan
    code_revision: str
    ruleset_version: str
    seconds: float
    last_as_of: date
    campaigns: tuple[CampaignResult, ...]
    leads: LeadResult
    leads_by_score: LeadResult
    groups: tuple[GroupResult, ...]
    outsiders: tuple[GroupResult, ...]
    victims: VictimResult
    linking: LinkingQuality
    linking_linked: LinkingQuality
    returned: tuple[ReturnedAccount, ...]
    signals: tuple[SignalResult, ...]
    contracts: ContractResult
