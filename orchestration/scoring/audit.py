"""The two audit samples: of flagged leads for precision, of the unflagged population for prevalence.

Belongs here: draws of equal probability within strata, keyed by a digest so that anybody can repeat them. Selection
probabilities are exact, as Horvitz and Thompson (1952) need them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict

from orchestration.scoring.settings import QueueSettings


class Draw(BaseModel):
    """A drawn lead's stratum and its selection probability; None where the lead was not drawn at random."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stratum: str
    probability: float | None


def _key(settings: QueueSettings, as_of_date: date, lead_id: str) -> str:
    return hashlib.sha256(f"{settings.seed}|{as_of_date}|{lead_id}".encode()).hexdigest()


def _draw(lead_ids: Iterable[str], count: int, as_of_date: date, settings: QueueSettings) -> tuple[list[str], float]:
    ordered = sorted(lead_ids, key=lambda lead_id: _key(settings, as_of_date, lead_id))
    taken = ordered[:count]
    return taken, len(taken) / len(ordered) if ordered else 0.0


def draw_flagged(as_of_date: date, lead_ids: Iterable[str], settings: QueueSettings) -> dict[str, Draw]:
    """Draw each flagged lead by itself with one probability, whatever its rank (Poisson sampling; Saerndal et al. 1992, 3.5).

    A draw of a fixed number would take every lead of a short list, and leave none to the score.
    """
    waiting = sorted(lead_ids)
    if not waiting:
        return {}
    probability = min(settings.audit_flagged_share, settings.audit_flagged_count / len(waiting))
    taken = [lead_id for lead_id in waiting if _uniform(_key(settings, as_of_date, lead_id)) < probability]
    return {lead_id: Draw(stratum="flagged", probability=probability) for lead_id in taken}


def _uniform(key: str) -> float:
    return int(key[:13], 16) / 16**13


def draw_unflagged(as_of_date: date, strata: Mapping[str, str], settings: QueueSettings) -> dict[str, Draw]:
    """Draw from the unflagged subjects (lead id -> stratum): one from every stratum, the rest in proportion to size.

    Every stratum gets at least one, so that every subject has a chance; there may therefore be more draws than asked for
    when there are more strata.
    """
    by_stratum: dict[str, list[str]] = {}
    for lead_id, stratum in strata.items():
        by_stratum.setdefault(stratum, []).append(lead_id)
    if settings.audit_unflagged_count == 0:
        return {}
    total = len(strata)
    drawn: dict[str, Draw] = {}
    for stratum, lead_ids in sorted(by_stratum.items()):
        count = max(1, round(settings.audit_unflagged_count * len(lead_ids) / total))
        taken, probability = _draw(lead_ids, count, as_of_date, settings)
        drawn |= {lead_id: Draw(stratum=stratum, probability=probability) for lead_id in taken}
    return drawn
