"""The effect note: what the case's accounts did after action, once enough days have passed.

Belongs here: when the note is due and the plain before and after. It estimates no counterfactual; that is the report's.
"""

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from orchestration.packaging.facts import Facts

DUE_DAYS = 90
WINDOW_DAYS = 28


class Effect(BaseModel):
    """Mean daily requests and output tokens of the case's accounts, before the first effect and in the last days of the note."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests_before: float
    requests_after: float
    tokens_before: float
    tokens_after: float
    after_from: date
    after_to: date


class EffectNote(BaseModel):
    """When the note is due, and the effect where that day has passed in the record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_on: date | None
    due_on: date | None
    effect: Effect | None


def effect_note(facts: Facts) -> EffectNote:
    """Return the effect note of a case: with numbers only when 90 days have passed since the first action took effect."""
    first = facts.case["first_effective_at"]
    if first is None:
        return EffectNote(effective_on=None, due_on=None, effect=None)
    effective = first.date()
    due = effective + timedelta(days=DUE_DAYS)
    if facts.identity.record.as_of_date < due:
        return EffectNote(effective_on=effective, due_on=due, effect=None)
    before = (effective - timedelta(days=WINDOW_DAYS), effective - timedelta(days=1))
    after = (due - timedelta(days=WINDOW_DAYS - 1), due)
    return EffectNote(
        effective_on=effective,
        due_on=due,
        effect=Effect(
            requests_before=_daily(facts, "request_count", *before),
            requests_after=_daily(facts, "request_count", *after),
            tokens_before=_daily(facts, "output_tokens", *before),
            tokens_after=_daily(facts, "output_tokens", *after),
            after_from=after[0],
            after_to=after[1],
        ),
    )


def _daily(facts: Facts, column: str, first: date, last: date) -> float:
    days = [*facts["usage_days"], *facts["usage_days_since"]]
    return sum(r[column] for r in days if first <= r["activity_date"] <= last) / WINDOW_DAYS
