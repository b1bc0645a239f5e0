"""Contract checks: accounts whose use leaves their contract, put to people without a word of abuse.

Belongs here: who is due for one, in which order, and what it says. A contract is no immunity and a breach of one is no
harvesting: the lead asks whether what was agreed still fits what is done.
"""

from collections.abc import Iterable

from orchestration.scoring.history import Row
from orchestration.scoring.settings import QueueSettings

CONTRACT_CHECK = "contract_check"
"""Stratum of such a lead, and the mark it leaves on the evidence signature."""
CLAUSE = "contract-scope"
_LIMITS = {
    "dates": "outside the contract's dates",
    "surfaces": "on surfaces that the contract does not name",
    "models": "on models that the contract does not name",
    "volume": "beyond the contract's monthly volume",
}


def leaves_contract(row: Row, settings: QueueSettings) -> bool:
    """Whether a scored subject is an account with enough use, and enough of it outside, to be asked about."""
    share, requests = row["contract_outside_share_28d"], row["request_count_28d"]
    return (
        row["subject_type"] == "account"
        and share is not None
        and share >= settings.contract_check_share
        and (requests or 0) >= settings.contract_check_requests
    )


def outside_words(row: Row) -> str:
    """Say what share of the 28 days' requests lies outside, and of which limit."""
    share, limit = row["contract_outside_share_28d"], _LIMITS[row["contract_outside_limit"]]
    return f"{share:.0%} of its {row['request_count_28d']:,} requests in 28 days lie {limit}."


def with_contract_reason(row: Row) -> Row:
    """Return a flagged subject's row with the breach as one more reason and one more mark of its evidence."""
    return row | {
        "reasons_text": f"{row['reasons_text']} {outside_words(row)}",
        "evidence_signature": f"{row['evidence_signature']} {CONTRACT_CHECK}".strip(),
    }


def as_contract_check(row: Row) -> Row:
    """Return an unflagged subject's row worded and marked as a contract check: by the breach alone.

    A verdict on it answers for the contract only, so signals may bring the subject back at once.
    """
    why = f"To be checked against its contract; no abuse is claimed. {outside_words(row)}"
    return row | {"reasons_text": why, "evidence_signature": CONTRACT_CHECK}


def first_checks(rows: Iterable[Row], settings: QueueSettings) -> list[Row]:
    """Return the checks that fit the night, those with most requests outside first; ties by lead id."""
    ordered = sorted(rows, key=lambda r: (-r["contract_outside_share_28d"] * r["request_count_28d"], r["lead_id"]))
    return ordered[: settings.contract_check_budget]
