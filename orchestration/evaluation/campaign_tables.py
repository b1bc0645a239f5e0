"""Campaigns as tables: curves against the dials, the grid of both, and every campaign by itself.

Belongs here: rows and what counts as a bad cell.
"""

from collections.abc import Callable, Sequence

from orchestration.evaluation.layout import Row, bold, markdown_table, share_text
from orchestration.evaluation.levels import NIGHTS_DILUTED, NIGHTS_UNDILUTED, detected_share, purity_mean, recall_mean
from orchestration.evaluation.pooling import pooled_mean
from orchestration.evaluation.results import CampaignResult, Recall, WorldResult


def curve(worlds: Sequence[WorldResult], name: str, values: list[float], of: Callable[[CampaignResult], float]) -> str:
    """Return how campaigns were found by the values of one dial, which `of` reads."""

    def row(value: float) -> Row:
        def inside(campaign: CampaignResult) -> bool:
            return of(campaign) == value

        chosen = [c for world in worlds for c in world.campaigns if inside(c)]
        return (
            f"{value:.0%}",
            len(chosen),
            share_text(detected_share(worlds, NIGHTS_UNDILUTED, inside)),
            share_text(detected_share(worlds, NIGHTS_DILUTED, inside)),
            sum(c.detected_on is None for c in chosen),
            share_text(recall_mean(worlds, inside)),
            share_text(pooled_mean([[_linked(c.end) for c in world.campaigns if inside(c)] for world in worlds])),
            share_text(purity_mean(worlds, inside)),
        )

    return markdown_table(
        (name, "campaigns", "within 3 nights", "within 7 nights", "never found", "recall", "linked", "purity"), map(row, values)
    )


def grid(worlds: Sequence[WorldResult], campaigns: Sequence[CampaignResult]) -> str:
    """Return recall, and campaigns in the queue within 7 nights, for every pair of dilution and identity share."""
    shares = sorted({c.identity_share for c in campaigns})

    def cell(dilution: float, share: float) -> str:
        def inside(campaign: CampaignResult) -> bool:
            return campaign.dilution == dilution and campaign.identity_share == share

        recall, early = recall_mean(worlds, inside), detected_share(worlds, NIGHTS_DILUTED, inside)
        if recall.value is None or early.value is None:
            return "-"
        text = f"{recall.value:.0%}, {round(early.value * early.n)} of {early.n}"
        return bold(text, recall.value < 0.95 or early.value < 1)

    rows = [
        [f"{dilution:.0%}", *(cell(dilution, share) for share in shares)] for dilution in sorted({c.dilution for c in campaigns})
    ]
    return markdown_table(["dilution", *(f"identity {share:.0%}" for share in shares)], rows)


def every_campaign(worlds: Sequence[WorldResult]) -> str:
    """Return one row for each campaign with its dials and how it was found."""

    def row(world: WorldResult, c: CampaignResult) -> Row:
        limit = NIGHTS_UNDILUTED if c.dilution == 0 else NIGHTS_DILUTED
        late = c.nights is None or c.nights > limit
        nights = "never" if c.nights is None else str(c.nights)
        purity = "-" if c.end.purity is None else bold(f"{c.end.purity:.0%}", c.end.purity < 0.95)
        return (
            world.plan.name, c.campaign_id.removeprefix("campaign_"), c.role, c.focus, c.account_count,
            f"{c.requests_per_account_day:.0f}", f"{c.dilution:.0%}", f"{c.identity_share:.0%}", f"{c.jitter:.1f}",
            f"{c.rotation:.1f}", c.ageing_days, f"{c.handoff:.2f}", _tactics(c), bold(nights, late),
            _recall(c.after_3), _recall(c.after_7),
            _recall(c.end), f"{_linked(c.end):.0%}", purity,
        )  # fmt: skip

    head = (
        "world", "no.", "role", "focus", "accounts", "requests a day each", "dilution", "identity", "jitter", "rotation",
        "ageing", "handoff", "tactics", "nights", "recall +3", "recall +7", "recall, end", "linked, end", "purity",
    )  # fmt: skip
    return markdown_table(head, (row(world, campaign) for world in worlds for campaign in world.campaigns))


def _tactics(c: CampaignResult) -> str:
    told = {
        f"bursts {c.burst_share:.0%}": c.burst_share,
        f"{c.choices} answers": c.choices,
        f"log-probabilities {c.logprobs_share:.0%}": c.logprobs_share,
        f"at a partner {c.partner_members:.0%}": c.partner_members,
        f"charges fail {c.declined_share or 0:.0%}": c.declined_share,
    }
    return ", ".join(words for words, dial in told.items() if dial)


def _linked(recall: Recall) -> float:
    return recall.linked / recall.active if recall.active else 0.0


def _recall(recall: Recall | None) -> str:
    return "-" if recall is None else bold(f"{recall.share:.0%}", recall.share < 0.95)
