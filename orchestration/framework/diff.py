"""What would change in past cases under another version of the framework.

Belongs here: comparing two rows of `framework_replays` and saying it in words. Every replay is computed in SQL, by the models
that grade cases in the first place, so that a replay cannot drift from the grade.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from orchestration.publishing.reading import records

KINDS = ("clause", "elements", "grade", "channels")
Row = Mapping[str, Any]


class FrameworkError(ValueError):
    """A version that the framework does not have; the message names those it has."""


class CaseChange(BaseModel):
    """One case that would come out differently: the kinds of change and each change in words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    own_version: int
    kinds: tuple[str, ...]
    changes: tuple[str, ...]


class FrameworkDiff(BaseModel):
    """All cases of a release that would change; `counts` are cases by kind of change, and those left as they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release_id: str
    version: int
    case_count: int
    counts: dict[str, int]
    cases: tuple[CaseChange, ...]


def framework_diff(release: Path, version: int) -> FrameworkDiff:
    """Compare every case of a release with its replay under `version`, cases by id.

    Raises FrameworkError when the framework has no such version.
    """
    known = [row["framework_version"] for row in records(release, "select framework_version from framework_calendar order by 1")]
    if version not in known:
        raise FrameworkError(
            f"the framework has no version {version}; it has {', '.join(map(str, known))} "
            "(seeds/framework/framework_versions.csv)"
        )
    rows = {(row["case_id"], row["framework_version"]): row for row in records(release, "select * from framework_replays")}
    own = sorted((row for row in rows.values() if row["is_own_version"]), key=lambda row: row["case_id"])
    cases = [_compared(row, rows[(row["case_id"], version)]) for row in own]
    changed = tuple(case for case in cases if case.changes)
    counts = {kind: sum(kind in case.kinds for case in changed) for kind in KINDS}
    return FrameworkDiff(
        release_id=release.name,
        version=version,
        case_count=len(cases),
        counts=counts | {"nothing": len(cases) - len(changed)},
        cases=changed,
    )


def _compared(own: Row, other: Row) -> CaseChange:
    found = [*_clause(own, other), *_elements(own, other), *_grade(own, other), *_channels(own, other)]
    return CaseChange(
        case_id=own["case_id"],
        own_version=own["framework_version"],
        kinds=tuple(kind for kind in KINDS if kind in {kind for kind, _ in found}),
        changes=tuple(text for _, text in found),
    )


def _clause(own: Row, other: Row) -> Iterator[tuple[str, str]]:
    if own["clause_version"] == other["clause_version"]:
        return
    clause = own["policy_clause_id"]
    if other["clause_version"] is None:
        yield "clause", f"clause {clause} does not hold"
    elif own["clause_version"] is None:
        yield "clause", f"clause {clause} holds, in version {other['clause_version']}"
    else:
        yield "clause", f"clause {clause}: version {own['clause_version']} -> {other['clause_version']}"


def _elements(own: Row, other: Row) -> Iterator[tuple[str, str]]:
    before, after = _listed(own["unshown_element_ids"]), _listed(other["unshown_element_ids"])
    unshown = [element for element in after if element not in before]
    if unshown:
        yield "elements", f"not shown by any signal: {', '.join(unshown)}"
    dropped = [element for element in _listed(own["element_ids"]) if element not in _listed(other["element_ids"])]
    if dropped:
        yield "elements", f"no longer asked: {', '.join(dropped)}"
    asked = [element for element in _listed(other["element_ids"]) if element not in (*_listed(own["element_ids"]), *unshown)]
    if asked:
        yield "elements", f"asked and shown, or for a person to show: {', '.join(asked)}"


def _grade(own: Row, other: Row) -> Iterator[tuple[str, str]]:
    if own["strength_grade"] == other["strength_grade"] and own["best_grade"] == other["best_grade"]:
        return
    text = f"strength {own['strength_grade'] or 'ungraded'} -> {other['strength_grade'] or 'ungraded'}"
    if other["ungraded_gates"]:
        text += f", at best {other['best_grade']}; gates to assess: {', '.join(_listed(other['ungraded_gates']))}"
    yield "grade", text


def _channels(own: Row, other: Row) -> Iterator[tuple[str, str]]:
    before, after = _listed(own["required_channels"]), _listed(other["required_channels"])
    used = _listed(own["used_channels"])
    required = [f"{channel} (was used)" if channel in used else channel for channel in after if channel not in before]
    if required:
        yield "channels", f"required: {', '.join(required)}"
    dropped = [channel for channel in before if channel not in after]
    if dropped:
        yield "channels", f"no longer required: {', '.join(dropped)}"


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
