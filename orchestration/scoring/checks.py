"""Checks: accounts put to people without a word of abuse, because a contract was left or a key may be in other hands.

Belongs here: who is due for one, in which order, and what it says. A contract is no immunity and a breach of one is no
harvesting: that lead asks whether what was agreed still fits what is done. The owner of a stolen key is a victim: that lead
asks for a notice, never for a ban.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from orchestration.scoring.history import Row
from orchestration.scoring.settings import QueueSettings

_LIMITS = {
    "dates": "outside the contract's dates",
    "surfaces": "on surfaces that the contract does not name",
    "models": "on models that the contract does not name",
    "volume": "beyond the contract's monthly volume",
}


@dataclass(frozen=True)
class Check:
    """One kind of check.

    `stratum`: its name in the queue, and the mark it leaves on the evidence signature. `is_due`: whether a scored account is
    to be asked about. `size`: requests it is about; the greatest come first. `says`: the finding in a sentence. `asks`: what
    the lead is for. `budget`: how many a night, those still waiting included.
    """

    stratum: str
    clause: str | None
    is_due: Callable[[Row, QueueSettings], bool]
    size: Callable[[Row], float]
    says: Callable[[Row], str]
    asks: str
    budget: Callable[[QueueSettings], int]


def _leaves_contract(row: Row, settings: QueueSettings) -> bool:
    share, requests = row["contract_outside_share_28d"], row["request_count_28d"]
    return (
        row["subject_type"] == "account"
        and share is not None
        and share >= settings.contract_check_share
        and (requests or 0) >= settings.contract_check_requests
    )


def _has_key_elsewhere(row: Row, settings: QueueSettings) -> bool:
    """A signal of stolen keys spoke (which makes the role), and strange places account for enough of last week's use."""
    strange = row["unfamiliar_request_count_7d"] or 0
    return (
        row["subject_type"] == "account"
        and row["role"] == "stolen_key_victim"
        and strange >= settings.key_check_requests
        and strange >= settings.key_check_share * row["placed_request_count_7d"]
    )


def _outside_words(row: Row) -> str:
    share, limit = row["contract_outside_share_28d"], _LIMITS[row["contract_outside_limit"]]
    return f"{share:.0%} of its {row['request_count_28d']:,} requests in 28 days lie {limit}."


def _elsewhere_words(row: Row) -> str:
    share = row["unfamiliar_request_count_7d"] / row["placed_request_count_7d"]
    return (
        f"{share:.0%} of its {row['placed_request_count_7d']:,} requests by key in 7 days came from "
        f"{row['unfamiliar_network_count_7d']} networks in countries it was never seen in, while its own use went on."
    )


CONTRACT_CHECK = Check(
    stratum="contract_check",
    clause="contract-scope",
    is_due=_leaves_contract,
    size=lambda row: float(row["contract_outside_share_28d"] * row["request_count_28d"]),
    says=_outside_words,
    asks="To be checked against its contract; no abuse is claimed.",
    budget=lambda settings: settings.contract_check_budget,
)
KEY_CHECK = Check(
    stratum="key_check",
    clause=None,
    is_due=_has_key_elsewhere,
    size=lambda row: float(row["unfamiliar_request_count_7d"]),
    says=_elsewhere_words,
    asks="A key of it may be in other hands; the owner is to be told and is accused of nothing.",
    budget=lambda settings: settings.key_check_budget,
)
CHECKS = (CONTRACT_CHECK, KEY_CHECK)
"""Every kind, the one an account comes in as first where several are due."""
CHECK_STRATA = tuple(check.stratum for check in CHECKS)


def check_due(row: Row, settings: QueueSettings) -> Check | None:
    """Return the check a scored subject is due for, if any."""
    return next((check for check in CHECKS if check.is_due(row, settings)), None)


def with_contract_reason(row: Row) -> Row:
    """Return a flagged subject's row with the breach as one more reason and one more mark of its evidence."""
    return row | {
        "reasons_text": f"{row['reasons_text']} {_outside_words(row)}",
        "evidence_signature": f"{row['evidence_signature']} {CONTRACT_CHECK.stratum}".strip(),
    }


def as_check(row: Row, check: Check) -> Row:
    """Return an unflagged subject's row worded and marked as a check: by its finding alone.

    A verdict on it answers for that finding only, so signals may bring the subject back at once.
    """
    return row | {"reasons_text": f"{check.asks} {check.says(row)}", "evidence_signature": check.stratum}


def first_checks(rows: Iterable[tuple[Row, Check]], settings: QueueSettings) -> list[tuple[Row, Check]]:
    """Return the checks of each kind that fit the night, the largest first; ties by lead id."""
    ordered = sorted(rows, key=lambda pair: (-pair[1].size(pair[0]), pair[0]["lead_id"]))
    return [pair for kind in CHECKS for pair in [p for p in ordered if p[1] is kind][: kind.budget(settings)]]
