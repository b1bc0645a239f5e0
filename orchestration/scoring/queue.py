"""The nightly review queue: who is looked at, in which order, and why.

Belongs here: eligibility, the budget, external leads and due dates. The audit samples are drawn in
`audit.py`; checks that claim no abuse are in `checks.py`; what earlier nights and verdicts mean for a subject is in
`history.py`.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import polars as pl

from orchestration.scoring.audit import Draw, draw_flagged, draw_unflagged
from orchestration.scoring.checks import (
    CHECK_STRATA,
    CONTRACT_CHECK,
    Check,
    as_check,
    check_due,
    first_checks,
    with_contract_reason,
)
from orchestration.scoring.history import ReviewHistory, Row, Subject, lead_id_of
from orchestration.scoring.settings import QueueSettings

QUEUE_SCHEMA = {
    "as_of_date": pl.Date,
    "lead_id": pl.String,
    "subject_type": pl.String,
    "subject_id": pl.String,
    "priority": pl.Int64,
    "why": pl.String,
    "suggested_clause": pl.String,
    "due_at": pl.Datetime("us"),
    "severity": pl.String,
    "selection": pl.String,
    "stratum": pl.String,
    "selection_probability": pl.Float64,
    "external_lead_id": pl.String,
    "first_queued_on": pl.Date,
    "evidence_signature": pl.String,
    "expected_harm": pl.Float64,
}
CLAUSES = {
    "distiller": "tou-3.2-model-training",
    "log_harvesting_reseller": "tou-3.2-model-training",
    "reseller": "tou-4.1-resale",
    "trial_farmer": "tou-5.3-fraud",
}
_URGENCY = {"low": 0.0, "medium": 1.0, "high": 2.0}
_SELECTION_ORDER = {"score": 0, "audit_flagged": 0, "external": 1, "audit_unflagged": 2}


def build_queue(
    as_of_date: date,
    subjects: pl.DataFrame,
    members: pl.DataFrame,
    previous_queue: pl.DataFrame,
    reviews: pl.DataFrame,
    external_leads: pl.DataFrame,
    settings: QueueSettings,
) -> pl.DataFrame:
    """Return one night's queue in `QUEUE_SCHEMA`, priority 1 first.

    `subjects`: scored subjects with subject_type, subject_id, score, resale_score, role, expected_harm, reasons_text, tier,
    evidence_signature, request_count_28d, and the counts that checks read. `members`: account_id,
    actor_id; an account in an actor is seen through its actor, unless only the account is flagged. `previous_queue`: the newest
    row of every subject queued within the cool-down. `reviews`: the latest landed states. `external_leads`: the
    same with their subject found (`int_review__external_subjects`), the most urgent first among themselves. Decided subjects
    stay out for the cool-down unless their evidence is new; audit draws wait until decided or overdue. An unflagged account that
    is due for a check comes in as one (selection `score`, stratum the check's), unless it was drawn for audit or its actor is
    flagged.
    """
    in_actor = dict(members.select("account_id", "actor_id").iter_rows())
    history = ReviewHistory(as_of_date, reviews, previous_queue, settings)
    greater_score = pl.max_horizontal("score", "resale_score").alias("greater_score")
    scored = subjects.with_columns(greater_score).sort("subject_type", "subject_id").rows(named=True)
    scored = [
        with_contract_reason(row) if row["greater_score"] >= settings.flag_score and CONTRACT_CHECK.is_due(row, settings) else row
        for row in scored
    ]
    by_subject = {(row["subject_type"], row["subject_id"]): row for row in scored}
    candidates = [
        row
        for row in scored
        if not _is_folded(row, in_actor, by_subject, settings)
        and (row["subject_type"], row["subject_id"]) not in history.waiting_audits
        and history.is_eligible((row["subject_type"], row["subject_id"]), row["evidence_signature"])
    ]
    due = [(row, _check_of(row, in_actor, by_subject, history, settings)) for row in scored]
    checks = [(row, check) for row, check in due if check is not None]
    for row in (*candidates, *(row for row, _ in checks)):
        first = history.first_queued_on((row["subject_type"], row["subject_id"]))
        row["first_queued_on"] = first
        row["lead_id"] = lead_id_of(row["subject_type"], row["subject_id"], first)
    flagged = [row for row in candidates if row["greater_score"] >= settings.flag_score]
    # a check that waits had its chance of a draw on its first night, which settled how it came in
    waiting = history.waits_as(*CHECK_STRATA) & {(row["subject_type"], row["subject_id"]) for row, _ in checks}
    unflagged = [
        row
        for row in candidates
        if row["greater_score"] < settings.flag_score and (row["subject_type"], row["subject_id"]) not in waiting
    ]
    chosen = dict(_choose(as_of_date, flagged, unflagged, settings))
    rows = [
        _lead(as_of_date, row, *chosen[(row["subject_type"], row["subject_id"])], settings)
        for row in candidates
        if (row["subject_type"], row["subject_id"]) in chosen
    ]
    undrawn = [(row, check) for row, check in checks if (row["subject_type"], row["subject_id"]) not in chosen]
    rows += [_check_lead(as_of_date, row, check, settings) for row, check in first_checks(undrawn, settings)]
    # a waiting draw keeps the place its weight gives it: at the end of the list it would be known for an audit
    rows += [
        row | {"as_of_date": as_of_date, "order": _order(by_subject[subject]) if subject in by_subject else 0.0}
        for subject, row in history.waiting_audits.items()
    ]
    signatures = {subject: row["evidence_signature"] for subject, row in by_subject.items()}
    rows = _with_external(as_of_date, rows, external_leads, in_actor, signatures, history, settings)
    rows.sort(key=lambda r: (_SELECTION_ORDER[r["selection"]], -r["order"], r["lead_id"]))
    for priority, row in enumerate(rows, start=1):
        row["priority"] = priority
        del row["order"]
    return pl.DataFrame(rows, schema=QUEUE_SCHEMA)


def _is_folded(row: Row, in_actor: dict[str, str], by_subject: dict[Subject, Row], settings: QueueSettings) -> bool:
    """Whether an account is seen through its actor: not when the actor has no score, nor when only the account is flagged."""
    actor = by_subject.get(("actor", in_actor.get(row["subject_id"], "")))
    if row["subject_type"] != "account" or actor is None:
        return False
    return row["greater_score"] < settings.flag_score or actor["greater_score"] >= settings.flag_score


def _check_of(
    row: Row, in_actor: dict[str, str], by_subject: dict[Subject, Row], history: ReviewHistory, settings: QueueSettings
) -> Check | None:
    """Return the check an account may come in as; one whose actor is flagged is seen through its actor."""
    subject = (row["subject_type"], row["subject_id"])
    actor = by_subject.get(("actor", in_actor.get(row["subject_id"], "")))
    check = check_due(row, settings)
    if (
        check is not None
        and row["greater_score"] < settings.flag_score
        and (actor is None or actor["greater_score"] < settings.flag_score)
        and subject not in history.waiting_audits
        and history.is_eligible(subject, check.stratum)
    ):
        return check
    return None


def _check_lead(as_of_date: date, row: Row, check: Check, settings: QueueSettings) -> Row:
    lead = _lead(as_of_date, as_check(row, check), "score", Draw(stratum=check.stratum, probability=None), settings)
    return lead | {"suggested_clause": check.clause}


def _choose(
    as_of_date: date, flagged: list[Row], unflagged: list[Row], settings: QueueSettings
) -> Iterator[tuple[Subject, tuple[str, Draw]]]:
    audited = draw_flagged(as_of_date, [row["lead_id"] for row in flagged], settings)
    by_order = sorted(flagged, key=lambda r: (-_order(r), r["lead_id"]))
    left = settings.budget
    for row in by_order:
        subject = (row["subject_type"], row["subject_id"])
        if row["lead_id"] in audited:
            yield subject, ("audit_flagged", audited[row["lead_id"]])
        elif left > 0:
            left -= 1
            yield subject, ("score", Draw(stratum="flagged", probability=None))
    strata = {row["lead_id"]: f"{row['subject_type']}/{row['tier']}" for row in unflagged}
    drawn = draw_unflagged(as_of_date, strata, settings)
    for row in unflagged:
        if row["lead_id"] in drawn:
            yield (row["subject_type"], row["subject_id"]), ("audit_unflagged", drawn[row["lead_id"]])


def _order(row: Row) -> float:
    """Probability times expected harm (output tokens in 28 days)."""
    return float(row["greater_score"] * row["expected_harm"])


def _lead(as_of_date: date, row: Row, selection: str, draw: Draw, settings: QueueSettings) -> Row:
    severity = _severity(row, settings) if selection != "audit_unflagged" else "low"
    return {
        "as_of_date": as_of_date,
        "lead_id": row["lead_id"],
        "subject_type": row["subject_type"],
        "subject_id": row["subject_id"],
        "priority": 0,
        "why": row["reasons_text"],
        "suggested_clause": CLAUSES.get(row["role"]),
        # a draw has its whole time from the night it was drawn, however long its subject has been a lead
        "due_at": _due_at(row["first_queued_on"] if draw.probability is None else as_of_date, severity, settings),
        "severity": severity,
        "selection": selection,
        "stratum": draw.stratum,
        "selection_probability": draw.probability,
        "external_lead_id": None,
        "first_queued_on": row["first_queued_on"],
        "evidence_signature": row["evidence_signature"],
        "expected_harm": row["expected_harm"],
        "order": _order(row),
    }


def _severity(row: Row, settings: QueueSettings) -> str:
    if row["greater_score"] >= 0.9 and row["expected_harm"] >= settings.high_harm_tokens:
        return "high"
    return "medium" if row["greater_score"] >= settings.flag_score else "low"


def _due_at(first_queued_on: date, severity: str, settings: QueueSettings) -> datetime:
    return datetime.combine(first_queued_on + timedelta(days=settings.due_days[severity]), datetime.min.time())


def _with_external(
    as_of_date: date,
    rows: list[Row],
    external_leads: pl.DataFrame,
    in_actor: dict[str, str],
    signatures: dict[Subject, str],
    history: ReviewHistory,
    settings: QueueSettings,
) -> list[Row]:
    """Join leads that detection did not raise: onto a row of the same subject, else as rows of their own."""
    by_subject = {(row["subject_type"], row["subject_id"]): row for row in rows}
    for lead in external_leads.sort("external_lead_id").iter_rows(named=True):
        subject = _external_subject(lead, in_actor)
        # a verdict given while nobody was named yet ends the lead too
        if any(history.is_decided_since(one, lead["received_at"]) for one in {subject, _unresolved(lead)}):
            continue
        severity = {"urgent": "high", "high": "high", "low": "low"}.get(lead["priority"] or "", "medium")
        if subject in by_subject:
            _join(by_subject[subject], lead, severity, settings)
            continue
        first = history.first_queued_on(subject)
        row = {
            "as_of_date": as_of_date,
            "lead_id": lead_id_of(*subject, first),
            "subject_type": subject[0],
            "subject_id": subject[1],
            "priority": 0,
            "why": f"Reported from outside detection (origin: {lead['origin']}); no signal is claimed here.{_matched(lead)}",
            "suggested_clause": None,
            "due_at": _due_at(first, severity, settings),
            "severity": severity,
            "selection": "external",
            "stratum": None,
            "selection_probability": None,
            "external_lead_id": lead["external_lead_id"],
            "first_queued_on": first,
            "evidence_signature": signatures.get(subject, ""),
            "expected_harm": None,
            "order": _URGENCY[severity],
        }
        by_subject[subject] = row
        rows.append(row)
    return rows


def _join(row: Row, lead: Row, severity: str, settings: QueueSettings) -> None:
    """Join a lead from outside onto a row of its subject; it hastens one chosen by score, never a draw, which it would tell."""
    if row["external_lead_id"] is None:
        row["external_lead_id"] = lead["external_lead_id"]
    if row["selection"] == "external":
        row["order"] = max(row["order"], _URGENCY[severity])
    if row["selection"] in ("score", "external") and _URGENCY[severity] > _URGENCY[row["severity"]]:
        row["severity"] = severity
        row["due_at"] = min(row["due_at"], _due_at(row["first_queued_on"], severity, settings))


def _matched(lead: Row) -> str:
    """Say where the indicator of a lead is held, when the sender named nobody."""
    if not lead["matched_account_count"]:
        return ""
    held = f" Its {lead['indicator_type']} is held by {lead['matched_account_count']} accounts"
    return f"{held} of {lead['matched_subject_count']} subjects."


def _unresolved(lead: Row) -> Subject:
    return ("external", lead["external_lead_id"])


def _external_subject(lead: Row, in_actor: dict[str, str]) -> Subject:
    if lead["subject_type"] == "account" and lead["subject_id"]:
        actor = in_actor.get(lead["subject_id"])
        return ("actor", actor) if actor else ("account", lead["subject_id"])
    if lead["subject_type"] and lead["subject_id"]:
        return (lead["subject_type"], lead["subject_id"])
    return _unresolved(lead)
