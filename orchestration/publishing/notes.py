"""A lead as a colleague would put it: who, why, how sure, and what else it could be.

Belongs here: words made from a release's rows. Numbers are not computed here but read; nothing opens the working warehouse.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel, ConfigDict

from orchestration.publishing.reading import LEADS, open_release, records_of
from orchestration.publishing.releases import ReleaseError

MOST_REASONS = 5
MOST_LOOKALIKES = 4
MOST_KINDS = 6
NO_SIGNAL = ("prior", "calibration")
"""Reasons of a score that are no signals."""
KIND_WORDS = {
    "payment_fingerprint": "cards",
    "device": "devices",
    "phone": "phone numbers",
    "organization": "organisations",
    "signup_network": "sign-up networks",
    "mail_pattern": "mail patterns",
    "referral": "referrals",
    "traffic_network": "traffic networks",
    "rare_template": "rare templates",
    "divided_template": "a divided corpus",
    "linked_template": "templates of linked accounts",
    "even_template": "evenly drawn templates",
    "request_settings": "request settings",
    "user_agent": "clients",
    "system_prompt": "system prompts",
    "hourly_activity": "bursts in the same hours",
    "hand_off": "hand-offs",
    "end_user": "end users served by several",
}
_ROLE_WORDS = {
    "distiller": "looks like harvesting to train a model",
    "log_harvesting_reseller": "looks like resale whose logs are harvested",
    "reseller": "looks like unauthorised resale",
    "trial_farmer": "looks like farming of trial credit",
    "stolen_key_victim": "looks like the victim of a stolen key: to be notified, not accused",
    "authorised": "has an agreement that covers such use",
    "benign": "does not look like abuse",
}

_CHECK_WORDS = {
    "contract_check": "use outside its contract, no abuse claimed",
    "key_check": "a key of it may be in other hands: its owner to be told, nobody accused",
}


class LeadNote(BaseModel):
    """One lead in words; `against` and `otherwise` are never left out, only said to be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lead_id: str
    priority: int
    headline: str
    who: str
    why: tuple[str, ...]
    against: tuple[str, ...]
    how_sure: str
    otherwise: tuple[str, ...]
    next_step: str


def lead_notes(release: Path) -> list[LeadNote]:
    """Return a note for every lead of the release's queue, the first lead first.

    Raises ReleaseError when the release was published by a version whose marts lack what notes say.
    """
    with open_release(release) as connection:
        try:
            return notes_of(partial(records_of, connection))
        except duckdb.BinderException as error:
            raise ReleaseError(
                f"release {release.name} lacks what the notes of leads are made from, so an earlier version published it "
                f"({str(error).splitlines()[0]}): run a night with this version, or ask with the one that its manifest names "
                "under code_revision"
            ) from error


def notes_of(ask: Callable[[str], list[dict[str, Any]]]) -> list[LeadNote]:
    """Return the notes of a release whose marts, without their history, `ask` answers queries on."""
    queue = ask(LEADS)
    reasons = {(r["subject_type"], r["subject_id"]): json.loads(r["reasons"]) for r in ask(_REASONS)}
    sizes = {row["actor_id"]: row for row in ask(_SIZES)}
    lookalikes = {row["signal_id"]: str(row["lookalikes"]).split(", ") for row in ask(_REGISTRY)}
    words = {row["lookalike_id"]: f"{row['title']} ({row['ruled_out_by']})" for row in ask(_LOOKALIKES)}
    return [
        _note(
            lead,
            reasons.get((lead["subject_type"], lead["subject_id"]), []),
            sizes.get(lead["subject_id"]),
            lookalikes,
            words,
        )
        for lead in queue
    ]


def _note(
    lead: Mapping[str, Any],
    reasons: list[dict[str, Any]],
    size: Mapping[str, Any] | None,
    lookalikes: Mapping[str, list[str]],
    words: Mapping[str, str],
) -> LeadNote:
    weighed = sorted(reasons, key=lambda r: -max(abs(r["contribution"]), abs(r["resale_contribution"])))
    speaking = [r for r in weighed if r["signal_id"] not in NO_SIGNAL and max(r["contribution"], r["resale_contribution"]) > 0]
    against = [r for r in weighed if r["signal_id"] not in NO_SIGNAL and min(r["contribution"], r["resale_contribution"]) < 0]
    accounts = f"{lead['account_count']} accounts" if lead["account_count"] else "one account"
    spoken = tuple(f"{r['text']} ({_signed(r)})" for r in speaking[:MOST_REASONS])
    linked = linked_members(size["link_kinds"]) if size else {}
    ruled_out = ruled_out_by_links(linked, is_actor=size is not None)
    innocent = innocent_explanations(speaking, lookalikes, ruled_out)
    return LeadNote(
        lead_id=lead["lead_id"],
        priority=lead["priority"],
        headline=f"{lead['subject_id']}: {accounts}, {stance(lead)}",
        who=_who(lead, linked, size),
        why=reasons_told(lead, spoken),
        against=tuple(f"{r['text']} ({_signed(r)})" for r in against[:MOST_REASONS]),
        how_sure=how_sure(lead),
        otherwise=tuple(words[name] for name in innocent if name in words)[:MOST_LOOKALIKES],
        next_step=_next_step(lead),
    )


def stance(lead: Mapping[str, Any]) -> str:
    """Say what a lead claims of its subject: nothing of an audit draw, and no abuse of a check."""
    if str(lead["selection"]).startswith("audit"):
        return "drawn for audit"
    if lead["stratum"] in _CHECK_WORDS:
        return _CHECK_WORDS[lead["stratum"]]
    return _ROLE_WORDS.get(str(lead["role"]), "has no score")


def reasons_told(lead: Mapping[str, Any], spoken: tuple[str, ...]) -> tuple[str, ...]:
    """Return why a lead is here: its signals' sentences, and the contract where it was left; else the queue's own words."""
    if lead["stratum"] in _CHECK_WORDS or not spoken:
        return (str(lead["why"]),)
    if "contract_check" in str(lead["evidence_signature"]).split():
        return (*spoken, "Part of its use lies outside its contract.")
    return spoken


def linked_members(link_kinds: str | None) -> dict[str, int]:
    """Return how many members each kind of link joins, the most first, from `link_kinds` of `actors`."""
    counted = (one.rsplit(" ", 1) for one in (link_kinds or "").split(", ") if one)
    return {kind: int(count) for kind, count in counted}


def _who(lead: Mapping[str, Any], linked: Mapping[str, int], size: Mapping[str, Any] | None) -> str:
    if size is None:
        return f"{lead['subject_type']} {lead['subject_id']}, in no actor that was queued."
    held = size["account_count"] - size["actionable_account_count"]
    told = ", ".join(f"{KIND_WORDS.get(kind, kind)} ({count})" for kind, count in list(linked.items())[:MOST_KINDS])
    text = f"{size['request_count_28d']:,} requests and {size['output_tokens_28d']:,} output tokens in 28 days"
    if size["requests_per_active_account_day_28d"]:
        text += f", {size['requests_per_active_account_day_28d']:.0f} an account and active day"
    text += f"; its first members are known since {size['known_since']}. Linked by {told or 'nothing any more'}. "
    if "organization" not in linked:
        text += "No two of them share an organisation. "
    if not held:
        return text + "Every member is a basis for action."
    if held == size["account_count"]:
        return text + "Nobody may be acted on for being a member: all are linked by behaviour alone or too weakly."
    basis = f"{size['actionable_account_count']} members are a basis for action"
    return text + f"{basis}; {held} are held, linked by behaviour alone or too weakly to act on."


def how_sure(lead: Mapping[str, Any]) -> str:
    """Say a lead's score: as log-odds until it is calibrated, then as a probability with its interval."""
    if lead["log_odds"] is None:
        return "No score: detection did not raise this."
    kind = "distillation"
    value, lower, upper = lead["score"], lead["lower"], lead["upper"]
    if (lead["resale_score"] or 0) > (lead["score"] or 0):
        kind, value, lower, upper = "resale", lead["resale_score"], lead["resale_lower"], lead["resale_upper"]
    status = str(lead["calibration_status"])
    coverage = f"{float(lead['coverage_share'] or 0):.0%} of its signals could be computed"
    if status.startswith("expert prior") or (kind == "resale" and status.endswith("resale expert prior")):
        return (
            f"Log-odds {float(lead['log_odds']):+.2f} for distillation, {float(lead['resale_log_odds']):+.2f} for resale "
            f"({status}: good for ranking, no probability until verdicts calibrate it); {coverage}."
        )
    return f"Probability of {kind} {value:.0%} ({lower:.0%} to {upper:.0%}, {status}); {coverage}."


def ruled_out_by_links(link_kinds: Collection[str], is_actor: bool) -> frozenset[str]:
    """Name the explanations that the links rule out: no colleagues where no two members share an organisation."""
    return frozenset() if not is_actor or "organization" in link_kinds else frozenset({"colleagues", "follow_the_sun_team"})


def innocent_explanations(
    speaking: Sequence[Mapping[str, Any]], lookalikes: Mapping[str, list[str]], ruled_out: frozenset[str]
) -> tuple[str, ...]:
    """Return the look-alikes that the evidence would fall with, first those shared by the most of it."""
    weight: dict[str, float] = defaultdict(float)
    for reason in speaking:
        for lookalike in lookalikes.get(reason["signal_id"], []):
            weight[lookalike] += max(reason["contribution"], reason["resale_contribution"])
    return tuple(sorted((name for name in weight if name not in ruled_out), key=lambda name: (-weight[name], name)))


def _next_step(lead: Mapping[str, Any]) -> str:
    clause = f", suggested clause {lead['suggested_clause']}" if lead["suggested_clause"] else ""
    drawn = lead["selection_probability"]
    chosen = f"{lead['selection']}, drawn with probability {drawn:.4g}" if drawn is not None else str(lead["selection"])
    due = "Review was due on" if lead["due_at"].date() <= lead["as_of_date"] else "Review by"
    return f"{due} {lead['due_at']:%Y-%m-%d}{clause}; chosen by {chosen}."


def _signed(reason: Mapping[str, Any]) -> str:
    first, second = float(reason["contribution"]), float(reason["resale_contribution"])
    parts = [f"{first:+.2f}"] if first else []
    return ", ".join([*parts, f"resale {second:+.2f}"] if second else parts)


_REASONS = """
select scores.subject_type, scores.subject_id, scores.reasons
from scores
inner join review_queue on scores.subject_type = review_queue.subject_type and scores.subject_id = review_queue.subject_id
"""
_SIZES = """
select
    actors.actor_id, actors.account_count, actors.actionable_account_count, actors.request_count_28d,
    actors.output_tokens_28d, actors.requests_per_active_account_day_28d, actors.link_kinds,
    min(actor_members.joined_on) as known_since
from actors
inner join review_queue on actors.actor_id = review_queue.subject_id
left join actor_members on actors.actor_id = actor_members.actor_id
group by all
"""
_REGISTRY = "select signal_id, lookalikes from signal_registry"
_LOOKALIKES = "select lookalike_id, title, ruled_out_by from lookalikes"
