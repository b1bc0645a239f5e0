"""Rows that the queue's tests share: subjects, landed tables without rows, and nights that know the one before."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from orchestration.scoring.queue import QUEUE_SCHEMA, build_queue
from orchestration.scoring.settings import QueueSettings

DAY = date(2026, 3, 1)
NO_AUDIT = QueueSettings(audit_flagged_count=0, audit_unflagged_count=0)
REVIEWS = {
    "review_id": pl.String, "lead_id": pl.String, "subject_type": pl.String, "subject_id": pl.String,
    "opened_at": pl.Datetime, "decided_at": pl.Datetime, "verdict": pl.String,
}  # fmt: skip
EXTERNAL = {
    "external_lead_id": pl.String, "received_at": pl.Datetime, "origin": pl.String, "subject_type": pl.String,
    "subject_id": pl.String, "priority": pl.String, "indicator_type": pl.String, "matched_account_count": pl.Int64,
    "matched_subject_count": pl.Int64,
}  # fmt: skip


def subject(
    subject_id: str, score: float, subject_type: str = "account", harm: float = 1000.0, signature: str = "x"
) -> dict[str, Any]:
    """Return a scored subject as the queue gets it; it has no contract."""
    return {
        "subject_type": subject_type, "subject_id": subject_id, "score": score, "resale_score": 0.0, "role": "distiller",
        "expected_harm": harm, "reasons_text": f"because of {subject_id}", "tier": "paid", "evidence_signature": signature,
        "request_count_28d": 1000, "contract_outside_share_28d": None, "contract_outside_limit": None,
        "unfamiliar_request_count_7d": None, "placed_request_count_7d": None, "unfamiliar_network_count_7d": None,
    }  # fmt: skip


class Nights:
    """Runs nights as the pipeline does: the newest row of every subject is what the next night knows."""

    def __init__(self, chosen: QueueSettings = NO_AUDIT) -> None:
        self.settings = chosen
        self.known = pl.DataFrame(schema=QUEUE_SCHEMA)

    def run(
        self,
        offset: int,
        subjects: Sequence[dict[str, Any]],
        reviews: Sequence[dict[str, Any]] = (),
        external: Sequence[dict[str, Any]] = (),
        members: dict[str, str] | None = None,
    ) -> dict[str, dict[str, Any]]:
        held = members or {}
        queue = build_queue(
            DAY + timedelta(days=offset),
            pl.DataFrame(subjects),
            pl.DataFrame(
                {"account_id": list(held), "actor_id": list(held.values())},
                schema={"account_id": pl.String, "actor_id": pl.String},
            ),
            self.known,
            pl.DataFrame(list(reviews), schema=REVIEWS),
            pl.DataFrame(list(external), schema=EXTERNAL),
            self.settings,
        )
        self.known = pl.concat([queue, self.known]).unique(["subject_type", "subject_id"], keep="first", maintain_order=True)
        return {row["subject_id"]: row for row in queue.iter_rows(named=True)}
