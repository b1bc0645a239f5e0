"""The frozen rows of one case, as everything that is written about it reads them.

Belongs here: reading `rows/` back, and the few rows that every section needs. A package is composed from these alone, so that
it can be rebuilt when the releases have expired.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from orchestration.packaging.frozen_tables import TABLES
from orchestration.packaging.identity import Identity

Row = Mapping[str, Any]
RESTRICTING = ("suspension", "termination", "key_revocation", "feature_block", "rate_limit")
"""Action types that limit use, severest kinds first."""
NEEDING_A_VERDICT = ("suspension", "termination")
NO_EVIDENCE = ("prior", "calibration")


class Facts:
    """Rows of one case by table name, each table in its frozen order."""

    def __init__(self, identity: Identity, tables: Mapping[str, list[dict[str, Any]]]) -> None:
        self.identity = identity
        self._tables = tables

    def __getitem__(self, table: str) -> list[dict[str, Any]]:
        return self._tables[table]

    @property
    def case(self) -> Row:
        """The case itself."""
        return self["cases"][0]

    @property
    def evidence_as_of(self) -> date:
        """The night of the evidence."""
        return self.identity.evidence.as_of_date

    @cached_property
    def subject(self) -> tuple[str, str]:
        """Return (type, id) of whom the case is about: its actor, else the account reviewed or first by id."""
        if self.identity.subject.actor_id and self["actors"]:
            return "actor", self.identity.subject.actor_id
        reviewed = sorted({str(r["subject_id"]) for r in self["reviews"] if r["subject_type"] == "account"})
        named = reviewed or sorted(str(r["account_id"]) for r in self["case_accounts"])
        return ("account", named[0]) if named else ("actor", str(self.identity.subject.actor_id))

    @cached_property
    def score(self) -> Row | None:
        """The subject's score on the night of the evidence; None where it had none."""
        return next((r for r in self["scores"] if (r["subject_type"], r["subject_id"]) == self.subject), None)

    @cached_property
    def reasons(self) -> list[dict[str, Any]]:
        """The score's terms, the heaviest first, ties by signal id."""
        if self.score is None:
            return []
        found: list[dict[str, Any]] = json.loads(self.score["reasons"])
        return sorted(found, key=lambda r: (-max(abs(r["contribution"]), abs(r["resale_contribution"])), r["signal_id"]))

    @property
    def speaking(self) -> list[dict[str, Any]]:
        """Terms that speak for the case."""
        return [r for r in self.reasons if r["signal_id"] not in NO_EVIDENCE and _most(r) > 0]

    @property
    def mitigating(self) -> list[dict[str, Any]]:
        """Terms that speak against it."""
        return [r for r in self.reasons if r["signal_id"] not in NO_EVIDENCE and _least(r) < 0]

    @cached_property
    def registry(self) -> dict[str, Row]:
        """Signal id -> its entry in the rule set."""
        return {r["signal_id"]: r for r in self["signal_registry"]}

    @cached_property
    def actor(self) -> Row | None:
        """The actor on the night of the evidence; None for single accounts."""
        return self["actors"][0] if self["actors"] else None

    @cached_property
    def members(self) -> dict[str, Row]:
        """Account -> its membership in the case's actor."""
        return {r["account_id"]: r for r in self["actor_members"] if r["actor_id"] == self.identity.subject.actor_id}

    @cached_property
    def verdicts(self) -> list[dict[str, Any]]:
        """Reviews that reached a verdict, in order of time."""
        return [r for r in self["reviews"] if r["verdict"]]

    @cached_property
    def queue_row(self) -> Row:
        """How a lead of the case stood in the queue that night; without a row, what a lead with no claim would say."""
        rows = self["review_queue"]
        return rows[0] if rows else {"selection": "score", "stratum": None, "why": "", "evidence_signature": ""}


def read_facts(content: Path, identity: Identity) -> Facts:
    """Read the frozen rows of a package's content folder."""
    tables = {t.name: pq.read_table(content / "rows" / f"{t.name}.parquet").to_pylist() for t in TABLES}
    return Facts(identity, tables)


def _most(reason: Row) -> float:
    return max(reason["contribution"], reason["resale_contribution"])


def _least(reason: Row) -> float:
    return min(reason["contribution"], reason["resale_contribution"])
