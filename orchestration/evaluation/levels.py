"""The level to reach, beside what was measured.

Belongs here: what is required, and whether it was reached. Required are point estimates on enough cases; the intervals
are shown with them.
"""

from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict

from orchestration.evaluation.contracting import NIGHTS_TO_ASK
from orchestration.evaluation.pooling import Pooled, pooled_mean, pooled_share
from orchestration.evaluation.results import CampaignResult, ReturnedAccount, WorldResult

LEAST_LEADS, LEAST_ACCOUNTS = 200, 1000
NIGHTS_UNDILUTED, NIGHTS_DILUTED, MOST_DILUTION = 3, 7, 0.5
REENTRY_NIGHTS = 3
CONTRACTED = ("contracted_reseller", "contracted_synthetic_data")
NOT_LOOKALIKES = ("ordinary", "authorised_aggregator", "authorised_synthetic_data", "contract_breach")

Reached = str
"""`yes`, `no`, or why it cannot be said."""


class Level(BaseModel):
    """One requirement: in words, what was measured over all worlds, and whether it was reached."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figure: str
    required: str
    measured: Pooled
    reached: Reached


def levels(worlds: Sequence[WorldResult]) -> tuple[Level, ...]:
    """Return every requirement with what these worlds gave."""
    groups = group_shares(worlds)
    alike = {name: share for name, share in groups.items() if name not in (*NOT_LOOKALIKES, *CONTRACTED)}
    worst = max(alike, key=lambda name: (alike[name].value or 0.0, name), default=None)
    contracted = [[g for g in world.groups if g.group in CONTRACTED] for world in worlds]
    victims, contracts = [world.victims for world in worlds], [world.contracts for world in worlds]
    found = [
        _all_of(
            f"campaigns at 0 % dilution in the queue within {NIGHTS_UNDILUTED} nights",
            detected_share(worlds, NIGHTS_UNDILUTED, lambda c: c.dilution == 0),
        ),
        _all_of(
            f"campaigns up to {MOST_DILUTION:.0%} dilution in the queue within {NIGHTS_DILUTED} nights",
            detected_share(worlds, NIGHTS_DILUTED, is_required),
        ),
        _at_least("member recall through the actor, last night, up to 50 % dilution", recall_mean(worlds, is_required), 0.95, 1),
        _at_least("actor purity, last night, up to 50 % dilution", purity_mean(worlds, is_required), 0.95, 1),
        _at_least(
            "leads that are right",
            pooled_share([w.leads.right for w in worlds], [w.leads.leads for w in worlds]),
            0.95,
            LEAST_LEADS,
        ),
    ]
    if worst is not None:
        found.append(_at_most(f"look-alikes queued: the worst, {worst}", alike[worst], 0.005, LEAST_ACCOUNTS))
    found += [
        _none(
            "contracted accounts queued for use inside their scope",
            pooled_share(
                [sum(g.queued for g in inside) for inside in contracted],
                [sum(g.accounts for g in inside) for inside in contracted],
            ),
        ),
        _all_of(
            f"accounts that left their contract with a contract check within {NIGHTS_TO_ASK} nights",
            pooled_share([c.asked_in_time for c in contracts], [c.breaches for c in contracts]),
        ),
        _none(
            "accounts inside their contract with a contract check",
            pooled_share([c.inside_asked for c in contracts], [c.inside for c in contracts]),
        ),
        _none(
            "stolen-key victims listed as violators",
            pooled_share([v.as_violators for v in victims], [v.accounts for v in victims]),
        ),
        _all_of(
            f"re-entry under new cards linked within {REENTRY_NIGHTS} nights of the first 100 requests",
            reentry_share(worlds, lambda account: account.is_new_card),
        ),
    ]
    return tuple(found)


def is_required(campaign: CampaignResult) -> bool:
    """Return whether the level speaks of a campaign: up to half of its traffic is other traffic."""
    return campaign.dilution <= MOST_DILUTION


def detected_share(worlds: Sequence[WorldResult], nights: int, of: Callable[[CampaignResult], bool]) -> Pooled:
    """Return the share of campaigns in the queue within so many nights of their first active day."""
    chosen = [[c for c in world.campaigns if of(c)] for world in worlds]
    early = [sum(c.nights is not None and c.nights <= nights for c in inside) for inside in chosen]
    return pooled_share(early, [len(inside) for inside in chosen])


def recall_mean(worlds: Sequence[WorldResult], of: Callable[[CampaignResult], bool]) -> Pooled:
    """Return the mean over campaigns of the last night's member recall; a campaign never found counts with 0."""
    return pooled_mean([[c.end.share for c in world.campaigns if of(c)] for world in worlds])


def purity_mean(worlds: Sequence[WorldResult], of: Callable[[CampaignResult], bool]) -> Pooled:
    """Return the mean over found campaigns of the last night's purity."""
    return pooled_mean([[c.end.purity for c in world.campaigns if of(c) and c.end.purity is not None] for world in worlds])


def group_shares(worlds: Sequence[WorldResult]) -> dict[str, Pooled]:
    """Return the share of accounts ever queued, by innocent group, in text order."""
    names = sorted({group.group for world in worlds for group in world.groups})
    counted = {name: [[g for g in world.groups if g.group == name] for world in worlds] for name in names}
    return {
        name: pooled_share(
            [sum(g.queued for g in inside) for inside in found], [sum(g.accounts for g in inside) for inside in found]
        )
        for name, found in counted.items()
    }


def reentry_share(worlds: Sequence[WorldResult], of: Callable[[ReturnedAccount], bool]) -> Pooled:
    """Return the share of returned accounts linked in time, of those with 100 requests whose time was up or who were linked."""
    told = [[is_in_time(a, world) for a in world.returned if of(a)] for world in worlds]
    settled = [[flag for flag in inside if flag is not None] for inside in told]
    return pooled_share([sum(inside) for inside in settled], [len(inside) for inside in settled])


def is_in_time(account: ReturnedAccount, world: WorldResult) -> bool | None:
    """Return whether an account was linked in time; None when it made too few requests, or its time was not up at the end."""
    if account.hundredth_on is None:
        return None
    if account.linked_on is not None:
        return (account.linked_on - account.hundredth_on).days <= REENTRY_NIGHTS
    return None if (world.last_as_of - account.hundredth_on).days < REENTRY_NIGHTS else False


def _reached(measured: Pooled, is_reached: bool, least: int) -> Reached:
    if measured.value is None:
        return "not measured"
    if not is_reached:
        return "**no**"
    return "yes" if measured.n >= least else f"too few (needs {least})"


def _all_of(figure: str, measured: Pooled) -> Level:
    return Level(figure=figure, required="all", measured=measured, reached=_reached(measured, measured.value == 1, 1))


def _none(figure: str, measured: Pooled) -> Level:
    return Level(figure=figure, required="none", measured=measured, reached=_reached(measured, measured.value == 0, 1))


def _at_least(figure: str, measured: Pooled, least: float, cases: int) -> Level:
    is_reached = measured.value is not None and measured.value >= least
    return Level(figure=figure, required=f">= {least:.0%}", measured=measured, reached=_reached(measured, is_reached, cases))


def _at_most(figure: str, measured: Pooled, most: float, cases: int) -> Level:
    is_reached = measured.value is not None and measured.value <= most
    return Level(figure=figure, required=f"<= {most:.1%}", measured=measured, reached=_reached(measured, is_reached, cases))
