"""The evaluation as one page of Markdown.

Belongs here: words and layout. Every figure comes from the results; bad cells are shown in bold, none is left out.
"""

import os
import platform
from collections.abc import Sequence

from orchestration.evaluation.campaign_tables import curve, every_campaign, grid
from orchestration.evaluation.layout import Row, bold, markdown_table, share_text
from orchestration.evaluation.levels import (
    group_shares,
    is_in_time,
    levels,
    reentry_share,
)
from orchestration.evaluation.pooling import Pooled, pooled_mean, pooled_share
from orchestration.evaluation.results import WorldResult
from orchestration.evaluation.signal_tables import signal_tables
from orchestration.linking.quality import Agreement

_INTRODUCTION = """\
Campaigns, look-alikes and victims of known truth are simulated, every night is computed by the same job as in production, and
the published release is judged against the truth, which no model can read. The data is simulated: these figures prove what
the detection does on these worlds, not accuracy in the world. Intervals are 95 %: the wider of Wilson's and the bootstrap over
worlds, for means the bootstrap alone.
"""
_MEANING = """\
- **Nights** count from a campaign's first active day to the first as-of date with a lead about one of its accounts, or about an
  actor that is mostly the campaign; 0 is the night that ends the first day. Leads are those that a score raised: chosen by
  score within the budget, or drawn from the flagged for the audit.
- **Recall**: members with a request so far who are that night in an actor that has been queued and mostly violates, over all
  members with a request so far; a campaign never found counts with 0. **Linked** is the same through any actor that is mostly
  the campaign, queued or not. **Purity**: the campaign's share of that actor's members, mean over the members found.
- **Identity share**: the part of the members that may share cards, devices, phones, sign-up networks, mail patterns or traffic
  networks with others; the rest have templates and timing in common and nothing else.
- A **lead** is right when most of its accounts on its first night violate, or are victims of a stolen key and listed as such.
- **Look-alikes** count as queued by a lead of their own or as any member of a queued actor; `acted` leaves out members on whose
  membership no action may stand.
- **Re-entry** is linked when the account shares an actor or a link with an account of its operator that had been stopped.
  Accounts whose three nights were not over at the end and that were not linked yet are left out.
- A **signal** counts each account once; one about actors counts actors, each by what most of its members are on the first
  night it fires. **Base rate**: share of the innocent subjects it could be computed for that it ever fired on. **Precision**:
  share of the subjects it fired on that violate. **Nights** run from a campaign's first request to the first hit on a member,
  or on an actor that is mostly it, over the campaigns it ever fired on. A look-alike is shown with the subjects that it was
  computable for.
- **Contracts**: an account leaves its contract on the first day with use outside its dates, surfaces or models, or on which its
  volume is used up. Breaches with fewer than 7 nights to go are left out.
- Campaigns and actors are judged on the nights before anybody reacted; leads, look-alikes, victims, signals and contracts
  on all nights.
"""


def reliability_page(worlds: Sequence[WorldResult], command: str) -> str:
    """Return the page of these worlds, which `command` made."""
    ordered = sorted(worlds, key=lambda world: (world.plan.set_name, world.plan.number))
    campaigns = [campaign for world in ordered for campaign in world.campaigns]
    parts = [
        "# Reliability: detection on worlds of known truth",
        f"Made by `{command}`.\n\n{_INTRODUCTION}",
        "## The level to reach",
        _levels(ordered),
        "## Against dilution",
        curve(ordered, "dilution", sorted({c.dilution for c in campaigns}), lambda c: c.dilution),
        "## Against members that share nothing but behaviour",
        curve(ordered, "identity share", sorted({c.identity_share for c in campaigns}), lambda c: c.identity_share),
        "## Both: last night's recall, and campaigns in the queue within 7 nights",
        grid(ordered, campaigns),
        "## Leads",
        _leads(ordered),
        "## Look-alikes",
        _lookalikes(ordered),
        "## Violators outside campaigns",
        _outsiders(ordered),
        "## Actors against operators",
        _actors(ordered),
        "## Re-entry",
        _reentry(ordered),
        "## Signals",
        signal_tables(ordered),
        "## Every campaign",
        every_campaign(ordered),
        "## Worlds",
        _worlds(ordered),
        "## What the figures mean",
        _MEANING,
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _levels(worlds: Sequence[WorldResult]) -> str:
    return markdown_table(
        ("figure", "required", "measured", "n", "reached"),
        ((level.figure, level.required, share_text(level.measured), level.measured.n, level.reached) for level in levels(worlds)),
    )


def _leads(worlds: Sequence[WorldResult]) -> str:
    kinds = {"raised by a score": [w.leads for w in worlds], "chosen by score alone": [w.leads_by_score for w in worlds]}
    counted = markdown_table(("leads", "distinct", "right", "lead-nights within the budget", "right", "victims as violators"), (
        (
            name, sum(f.leads for f in found), share_text(pooled_share([f.right for f in found], [f.leads for f in found])),
            sum(f.lead_nights for f in found),
            share_text(pooled_share([f.right_lead_nights for f in found], [f.lead_nights for f in found])),
            sum(f.victims_as_violators for f in found),
        )
        for name, found in kinds.items()
    ))  # fmt: skip
    wrong = [(world.plan.name, lead) for world in worlds for lead in world.leads.wrong]
    if not wrong:
        return f"{counted}\n\nNo lead was wrong."
    head = ("world", "wrong lead", "night", "about", "listed as", "accounts", "of them violating", "mostly")
    return f"{counted}\n\n" + markdown_table(head, (
        (
            name, f"`{lead.lead_id}`", lead.as_of_date, lead.subject_type, lead.listed_role, lead.account_count,
            lead.violating_count, lead.mostly,
        )
        for name, lead in wrong
    ))  # fmt: skip


def _lookalikes(worlds: Sequence[WorldResult]) -> str:
    def row(name: str, share: Pooled) -> Row:
        found = [group for world in worlds for group in world.groups if group.group == name]
        shown = bold(share_text(share), (share.value or 0) > 0.005)
        return name, share.n, sum(g.alone for g in found), sum(g.acted for g in found), sum(g.queued for g in found), shown

    victims = [world.victims for world in worlds]
    told = (
        f"Victims of a stolen key: {sum(v.accounts for v in victims)} accounts, {sum(v.told for v in victims)} to be told by a "
        f"key check ({sum(v.others_told for v in victims)} of {sum(v.others for v in victims)} others had one), "
        f"{sum(v.as_victims for v in victims)} in a lead as victims, {sum(v.as_violators for v in victims)} as violators "
        f"({sum(v.as_violators_acted for v in victims)} on a basis for action)."
    )
    shares = group_shares(worlds)
    return (
        markdown_table(("group", "accounts", "alone", "acted", "queued", "share queued"), (row(*item) for item in shares.items()))
        + f"\n\n{told}"
    )


def _outsiders(worlds: Sequence[WorldResult]) -> str:
    def row(name: str) -> Row:
        found = [[group for group in world.outsiders if group.group == name] for world in worlds]
        queued, accounts = (
            [sum(g.queued for g in inside) for inside in found],
            [sum(g.accounts for g in inside) for inside in found],
        )
        return (
            name,
            sum(accounts),
            sum(g.alone for inside in found for g in inside),
            sum(queued),
            share_text(pooled_share(queued, accounts)),
        )

    names = sorted({group.group for world in worlds for group in world.outsiders})
    return markdown_table(("role", "accounts", "alone", "queued", "share queued"), map(row, names))


def _actors(worlds: Sequence[WorldResult]) -> str:
    measures: dict[str, list[Agreement]] = {
        "pairwise": [w.linking.pairwise for w in worlds],
        "B-cubed, all accounts": [w.linking.b_cubed for w in worlds],
        "B-cubed, accounts with company": [w.linking_linked.b_cubed for w in worlds],
    }
    return markdown_table(("mean over worlds", "precision", "recall", "F1"), (
        (name, *(
            share_text(pooled_mean([[value] if value is not None else [] for value in values]))
            for values in ([a.precision for a in found], [a.recall for a in found], [a.f1 for a in found])
        ))
        for name, found in measures.items()
    ))  # fmt: skip


def _reentry(worlds: Sequence[WorldResult]) -> str:
    def row(name: str, new_card: bool | None) -> Row:
        accounts = [(a, w) for w in worlds for a in w.returned if new_card is None or a.is_new_card == new_card]
        share = reentry_share(worlds, lambda a: new_card is None or a.is_new_card == new_card)
        early = sum(a.linked_on is not None and (a.hundredth_on is None or a.linked_on < a.hundredth_on) for a, _ in accounts)
        return (
            name,
            len(accounts),
            sum(a.hundredth_on is not None for a, _ in accounts),
            sum(is_in_time(a, w) is not None for a, w in accounts),
            share_text(share),
            early,
        )

    return markdown_table(
        ("returned accounts", "with a request", "with 100", "judged", "linked within 3 nights", "linked before 100"),
        (row("all", None), row("under new cards", True), row("with a card kept", False)),
    )


def _worlds(worlds: Sequence[WorldResult]) -> str:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    total = sum(world.seconds for world in worlds)
    is_mixed = len({world.code_revision for world in worlds}) > 1
    told = f"On {machine}: {total / 60:.0f} minutes of computing in all."
    told += " **These worlds were judged on different code.**" if is_mixed else ""
    return f"{told}\n\n" + markdown_table(
        ("world", "seed", "accounts", "requests a day", "nights", "code", "rule set", "seconds"),
        (
            (
                w.plan.name, w.plan.seed, w.plan.accounts, w.plan.requests, w.plan.history_days + w.plan.reaction_days,
                w.code_revision[:12], w.ruleset_version, round(w.seconds),
            )
            for w in worlds
        ),
    )  # fmt: skip
