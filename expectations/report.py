"""What a gate found, as plain frozen data with a text a person can read aloud and a JSON that round-trips."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from expectations.profiles import DayProfile

Severity = Literal["block", "warn"]
Gate = Literal["sources", "marts"]


class Override(BaseModel):
    """Leave given by a person to let one limit be broken on the nights `first_night` to `last_night`, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gate: Gate
    table: str
    limit: str
    first_night: date
    last_night: date
    by: str
    reason: str


class Finding(BaseModel):
    """One expectation on one table: whether it held, on how many rows not, and what to do when it did not.

    `unexpected_count` and `element_count` count rows, values or files, whichever the expectation is about.
    `examples` never show a value that looks personal: such a value is reduced to its shape.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    expectation: str
    severity: Severity
    success: bool
    observed: str | int | float | None = None
    unexpected_count: int = 0
    element_count: int = 0
    examples: tuple[str, ...] = ()
    message: str = ""
    limit: str | None = None
    """Short name of a limit that may be overridden; None where nothing can let the fault pass."""
    overridden: Override | None = None
    is_late: bool = False
    """True where it was broken and says that something expected was not delivered, or is older than it should be."""

    @property
    def blocks(self) -> bool:
        """Whether it fails the gate: broken, blocking and not overridden."""
        return not self.success and self.severity == "block" and self.overridden is None

    @property
    def verdict(self) -> Literal["held", "warns", "overridden", "blocks"]:
        """What came of it, in one word."""
        if self.success:
            return "held"
        return "blocks" if self.blocks else "overridden" if self.overridden else "warns"


class GateReport(BaseModel):
    """The outcome of one gate on one night. A failed finding of severity `block` fails the gate, `warn` does not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gate: Gate
    as_of: date
    success: bool
    findings: tuple[Finding, ...]
    profiles: tuple[DayProfile, ...] = ()
    """What the source gate measured of each arrival day, for later days to be held against; not part of a release."""

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Failed findings, blocking ones first, in the order of tables and suites otherwise."""
        failed = [finding for finding in self.findings if not finding.success]
        return tuple(sorted(failed, key=lambda finding: not finding.blocks))

    def message(self) -> str:
        """Return plain text: one line on the gate, then one line for each failed expectation."""
        failures = self.failures
        blocking = sum(finding.blocks for finding in failures)
        overridden = sum(finding.overridden is not None for finding in failures)
        warnings = len(failures) - blocking - overridden
        verdict = "passed" if self.success else "stopped the night, nothing was published"
        counts = f"{len(self.findings)} expectations checked, {blocking} blocking, {_counted(warnings, 'warning')}"
        counts += f", {overridden:,} overridden" if overridden else ""
        head = f"The {self.gate} gate for {self.as_of.isoformat()} {verdict}: {counts}."
        lines = [f"{item.verdict.upper()}  {item.message}" for item in failures]
        return "\n".join([head, *lines])

    def to_json(self) -> str:
        """Return the report as JSON text; `GateReport.model_validate_json` reads it back."""
        return self.model_dump_json()


def gate_report(gate: Gate, as_of: date, findings: list[Finding]) -> GateReport:
    """Close a gate: it succeeds when no blocking finding failed."""
    success = not any(finding.blocks for finding in findings)
    return GateReport(gate=gate, as_of=as_of, success=success, findings=tuple(findings))


def judged(
    table: str,
    expectation: str,
    *,
    severity: Severity,
    success: bool,
    advice: str,
    unexpected_count: int = 0,
    element_count: int = 0,
    unit: str = "row",
    tolerated_share: float = 0.0,
    examples: tuple[str, ...] = (),
    observed: str | float | int | None = None,
    limit: str | None = None,
    is_late: bool = False,
) -> Finding:
    """Make a finding and word its message: what was expected, what was found, examples, what to do."""
    examples = examples[:5]
    words = f"{table}: expected that {expectation}; "
    if success:
        words += f"held (observed {_stated(observed)})." if observed is not None else "held."
    else:
        if unexpected_count:
            words += f"found {unexpected_count:,} of {_counted(element_count, unit)} against it"
            words += f" ({unexpected_count / element_count:.2%})" if element_count else ""
            words += f", tolerated {tolerated_share:.2%}" if tolerated_share else ""
        else:
            words += f"observed {_stated(observed)}" if observed is not None else "it does not"
        words += f"; for example {', '.join(examples)}" if examples else ""
        words += f". {advice}"
    return Finding(
        table=table,
        expectation=expectation,
        severity=severity,
        success=success,
        observed=observed,
        unexpected_count=unexpected_count,
        element_count=element_count,
        examples=examples,
        message=" ".join(words.split()),
        limit=limit,
        is_late=is_late and not success,
    )


def _stated(observed: str | float) -> str:
    return f"{observed:,}" if isinstance(observed, int) else str(observed)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
