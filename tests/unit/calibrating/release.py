"""A release with queue, reviews and scores whose truth is known: violations follow a line of the raw log-odds."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from orchestration.calibrating.fit import logistic
from orchestration.publishing.manifest import Manifest, write_manifest

FIRST = date(2026, 3, 1)
LAST = date(2026, 3, 20)
RELEASE_ID = f"{LAST}-abcdefabcdef"
LINE = (-1.0, 0.5)


def write_release(folder: Path, per_night: int = 30, ruleset_version: str = "1", move: float = 0.0) -> Path:
    """Write a release of twenty nights, each with `per_night` actors reviewed; `move` is a calibration already in the scores."""
    generator = np.random.default_rng(7)
    release = folder / RELEASE_ID
    queue: list[dict[str, object]] = []
    reviews: list[dict[str, object]] = []
    for n in range((LAST - FIRST).days + 1):
        night = FIRST + timedelta(days=n)
        raw = np.round(generator.normal(0, 2.5, per_night), 4)
        violates = generator.random(per_night) < logistic(LINE[0] + LINE[1] * raw)
        scores: list[dict[str, object]] = []
        for i in range(per_night):
            subject = {"as_of_date": night, "subject_type": "actor", "subject_id": f"actor_{n:02}_{i:03}"}
            lead_id = f"lead_{n:02}_{i:03}"
            reasons = '[{"signal_id":"prior","contribution":-4.0,"resale_contribution":-4.0}'
            if move:
                reasons += f',{{"signal_id":"calibration","contribution":{move},"resale_contribution":0.0}}'
            scores.append(
                {**subject, "log_odds": raw[i] + move, "resale_log_odds": -4.0, "ruleset_version": ruleset_version,
                 "reasons": reasons + "]"}
            )  # fmt: skip
            queue.append(
                {**subject, "lead_id": lead_id, "priority": i + 1, "selection": "score", "stratum": "flagged",
                 "selection_probability": None}
            )  # fmt: skip
            reviews.append(_review(lead_id, night, "violation" if violates[i] else "benign"))
            if i == 0:
                reviews.append(_review(lead_id, night, "benign", second=True))
        _write(release, "scores", str(night), scores)
        _write(release, "review_queue", str(night), queue[-per_night:])
    _write(release, "reviews", "all", reviews)
    manifest = Manifest(
        release_id=RELEASE_ID, as_of_date=LAST, content_hash="h", contract_version=1, schema_version=1, code_revision="c",
        ruleset_version="1", calibration_status="expert prior", ids_rekeyed=False, inputs=(), parts=(), tables={}, gates=(),
        quarantined={}, supersedes=None,
    )  # fmt: skip
    write_manifest(manifest, release)
    return release


def _review(lead_id: str, night: date, verdict: str, *, second: bool = False) -> dict[str, object]:
    return {
        "review_id": f"{lead_id}_{'b' if second else 'a'}",
        "lead_id": lead_id,
        "release_id": f"{night}-0123456789ab",
        "decided_at": datetime.combine(night + timedelta(days=1), datetime.min.time()),
        "verdict": verdict,
        "label": None if second else verdict,
        "role": "distiller" if verdict == "violation" else "benign",
        "policy_clause_id": None,
        "lookalike_id": None,
        "is_second_review": second,
        "is_verdict_of_lead": not second,
    }


def _write(release: Path, table: str, part: str, rows: list[dict[str, object]]) -> None:
    folder = release / "parquet" / table
    folder.mkdir(parents=True, exist_ok=True)
    types = {"selection_probability": pl.Float64, "policy_clause_id": pl.String, "lookalike_id": pl.String}
    overrides = {name: kind for name, kind in types.items() if name in rows[0]}
    pl.DataFrame(rows, schema_overrides=overrides).write_parquet(folder / f"{part}.parquet")
