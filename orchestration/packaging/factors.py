"""The factor sheet: what purpose may be inferred from, factor by factor, and which exclusions were checked.

Belongs here: sorting signals into factors and stating the exclusions. Which family speaks to which factor is data, factors.yml.
"""

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from orchestration.packaging.facts import Facts, Row


class Factor(BaseModel):
    """One factor: its id in the text, its title, and the signal families that speak to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    factor_id: str
    title: str
    families: tuple[str, ...]


class FactorFinding(BaseModel):
    """What the frozen rows say to one factor: sentences with their weight, and the sum."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    factor: Factor
    sentences: tuple[str, ...]
    log_odds: float
    resale_log_odds: float


class Exclusion(BaseModel):
    """One exclusion and what the rows say to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    says: str


class _Sheet(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    factors: tuple[Factor, ...]
    outside: dict[str, str]


@cache
def sheet() -> _Sheet:
    """Return the factors as the sheet has them."""
    text = files("orchestration.packaging").joinpath("factors.yml").read_text(encoding="utf-8")
    return _Sheet.model_validate(yaml.safe_load(text))


def factor_findings(facts: Facts) -> tuple[FactorFinding, ...]:
    """Return what speaks to each factor, the heaviest sentence first, with log-odds as published."""
    return tuple(_finding(facts, factor) for factor in sheet().factors)


def exclusions(facts: Facts) -> tuple[Exclusion, ...]:
    """Return the exclusions and what the rows say to each; whether one applies is for a person."""
    contracted = [r for r in facts["accounts"] if r["contract_id"] or r["approved_use"]]
    covered = [r for r in facts["account_features"] if r.get("is_contract_in_force")]
    networks = [r for r in facts.speaking if _family(facts, r) == "network"]
    others = sorted({_family(facts, r) for r in facts.speaking} - {"network", ""})
    authorised = (
        f"{len(contracted)} of {len(facts['case_accounts'])} accounts hold a contract or an approved use, "
        f"{len(covered)} of them in force on the night of the evidence."
        if contracted
        else f"None of the {len(facts['case_accounts'])} accounts holds a contract or an approved use on record."
    )
    speech = (
        f"{len(networks)} of {len(facts.speaking)} signals that speak are about networks; others speak too: "
        f"{', '.join(o.replace('_', ' ') for o in others)}."
        if networks and others
        else "Everything that speaks is about networks: by itself this shows nothing."
        if networks
        else "No signal about networks speaks."
    )
    return (
        Exclusion(title="Training within the terms or expressly authorised, 3(11)(C)", says=authorised),
        Exclusion(title="A location or privacy service used for free expression, 3(7)(B)", says=speech),
    )


def _finding(facts: Facts, factor: Factor) -> FactorFinding:
    rows = [r for r in facts.speaking if _family(facts, r) in factor.families]
    told = tuple(f"{r['text']} ({r['contribution']:+.2f}, resale {r['resale_contribution']:+.2f})" for r in rows)
    return FactorFinding(
        factor=factor, sentences=told, log_odds=_sum(rows, "contribution"), resale_log_odds=_sum(rows, "resale_contribution")
    )


def _sum(rows: list[dict[str, Any]], column: str) -> float:
    """Add published terms exactly: they have four decimals."""
    return float(sum((Decimal(str(r[column])) for r in rows), Decimal(0)))


def _family(facts: Facts, reason: Row) -> str:
    entry = facts.registry.get(reason["signal_id"])
    return str(entry["family"]) if entry else ""
