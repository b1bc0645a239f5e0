"""The accepted usage held against usage reports: by report, day and model, requests and tokens within a tolerance.

Belongs here: what is compared with what, and its words. The totals of the reports lie beside the landing tables, with the terms
under which they are compared; a landing folder without them costs a look for a folder.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from expectations.database import GateDatabase, literal
from expectations.landing_files import first_line
from expectations.report import Finding, judged
from expectations.settings import GateSettings
from orchestration.adapters.usage_reports.buckets import COSTS, MODEL_NOT_GIVEN
from orchestration.adapters.usage_reports.terms import FOLDER, ReportTerms, read_terms
from orchestration.adapters.usage_reports.totals import newest_totals, total_files
from orchestration.contract import landing_contract
from orchestration.days import days_between

USAGE_REPORTS = "usage_reports"
"""The table that findings name; each source is a limit of it, which may be overridden."""
MOST_MODELS = 5
"""Models of one report and day told one by one, the worst first."""
_OF_MODELS = "int_usage__account_model_days"
_TOTAL = "all models together"
_CAUSES = (
    "Likely causes: rows that have not arrived, spans that are sampled, failed requests that one side counts, use by keys or "
    "surfaces that one side lacks, cached tokens that one side leaves out, or an adapter that reads too narrow a window. What is "
    "missing here is missing from every feature: land it, or say under usage_reports in sources.yml how the models are called "
    "(models), which of them the report covers (covers), or what may differ and why (tolerance)."
)
_NAME_THEM = (
    "Say under usage_reports in sources.yml how the usage calls them (models); until then the day is compared as a whole."
)
_EXPORT_IT = (
    "Nothing is compared for it. Export the day once it is over (a file written before its end, or that lacks some of its hours, "
    "is not taken), and run `stillwatch land` again."
)
_READ_ADVICE = "Take the file out and run `stillwatch land` again."


@dataclass(frozen=True)
class Amounts:
    """Requests answered (None where a report counts none) and tokens."""

    request_count: int | None = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        """Return the sum; requests that one side does not count are not counted."""
        counted = self.request_count is not None and other.request_count is not None
        return Amounts(
            request_count=(self.request_count or 0) + (other.request_count or 0) if counted else None,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


ByModel = dict[str, Amounts]


def reconcile(database: GateDatabase, warehouse: str, landing: Path, as_of: date, settings: GateSettings) -> list[Finding]:
    """Compare every report that had arrived by a night with the attached warehouse (`catalogue.schema`), on the days still open.

    Those are the as-of date and the late-arrival days before it, from the first day that the warehouse took in. Returns nothing
    where no report was ever landed.
    """
    if not (landing / FOLDER).is_dir():
        return []
    files = total_files(landing, as_of)
    first = as_of - timedelta(days=landing_contract().late_arrival_days)
    try:
        began, known = _known(database, warehouse)
        used = _used(database, warehouse, max(first, began or as_of), as_of)
        reported = _reported(database, files) if files else {}
    except DBAPIError as error:
        return [
            judged(
                USAGE_REPORTS,
                "the totals of usage reports can be read and compared",
                severity="block",
                success=False,
                advice=_READ_ADVICE,
                observed=first_line(error),
            )
        ]
    findings: list[Finding] = []
    for source, terms in read_terms(landing).items():
        of_source = reported.get(source, {})
        began_here = max(first, began or as_of, min(of_source, default=first))
        for day in days_between(began_here, as_of):
            if day not in of_source:
                findings.append(_missing(source, day))
                continue
            tolerance = _Tolerance(settings, terms, still_open=(as_of - day).days < landing_contract().late_arrival_days)
            findings += _of_day(source, day, of_source[day], used.get(day, {}), known, terms, tolerance)
    return findings


class _Tolerance:
    """By how much the warehouse may be off, in words and numbers."""

    def __init__(self, settings: GateSettings, terms: ReportTerms, *, still_open: bool) -> None:
        own = terms.tolerance
        self._requests = own.requests if own else settings.report_request_share
        self._tokens = own.tokens if own else settings.report_token_share
        self._late = settings.report_late_share if still_open else 0.0
        self._floors = (settings.report_request_floor, settings.report_token_floor)
        self._because = f" ({own.reason})" if own else ""
        # a tolerance that the gate did not set is told where it let something pass, too
        self.of_its_own = f"within {own.requests:.1%} of requests and {own.tokens:.1%} of tokens: {own.reason}" if own else None

    def broken(self, what: str, reported: int, used: int) -> str | None:
        """Return how a measure is off, None where it is within the tolerance."""
        of_requests = what == "requests"
        share = self._requests if of_requests else self._tokens
        # rows that are late can only be missing
        share += self._late if used < reported else 0.0
        floor = self._floors[0 if of_requests else 1]
        off = used - reported
        if abs(off) <= max(share * reported, floor):
            return None
        far = f", {abs(off) / reported:.2%}" if reported else ""
        late = f", {self._late:.1%} of it for rows that may still come" if self._late and off < 0 else ""
        way = "fewer" if off < 0 else "more"
        return (
            f"{what}: the report says {reported:,}, the warehouse has {used:,} ({abs(off):,} {way}{far}; "
            f"tolerated {share:.1%} or {floor:,}{late}{self._because})"
        )


def _of_day(
    source: str, day: date, reported: ByModel, used: ByModel, known: set[str], terms: ReportTerms, tolerance: _Tolerance
) -> list[Finding]:
    named: ByModel = {}
    for model, amounts in reported.items():
        usage_name = terms.models.get(model, model) if terms.by_model else MODEL_NOT_GIVEN
        # a name that the usage does not have is not left out by names that are the usage's
        if usage_name not in known or _is_covered(usage_name, terms):
            named[usage_name] = named.get(usage_name, Amounts(_none_like(amounts))) + amounts
    covered = {model: amounts for model, amounts in used.items() if _is_covered(model, terms)}
    unknown = sorted(model for model in named if model not in known and model != MODEL_NOT_GIVEN)
    as_a_whole = bool(unknown) or MODEL_NOT_GIVEN in named
    counted = all(amounts.request_count is not None for amounts in named.values())
    pairs = {model: (named[model], used.get(model, Amounts())) for model in named if model in known}
    if as_a_whole:
        pairs[_TOTAL] = (_sum(named.values(), counted=counted), _sum(covered.values(), counted=True))
    elif terms.covers:
        pairs |= {model: (Amounts(0 if counted else None), amounts) for model, amounts in covered.items() if model not in named}
    findings = [_unknown(source, day, unknown, named, covered)] if unknown else []
    broken = {model: words for model, (says, has) in pairs.items() if (words := _off(says, has, tolerance))}
    if not broken:
        agree = f"the {source} report of {day} and the warehouse agree"
        own = tolerance.of_its_own
        held = judged(USAGE_REPORTS, agree, severity="block", success=True, advice=_CAUSES, observed=own, limit=source)
        return [*findings, held.model_copy(update={"element_count": len(pairs)})]
    worst = sorted(broken, key=lambda model: (model != _TOTAL, -_distance(*pairs[model]), model))
    for model in worst[:MOST_MODELS]:
        findings.append(_differs(source, day, model, broken[model]))
    if len(worst) > MOST_MODELS:
        rest = ", ".join(worst[MOST_MODELS : 2 * MOST_MODELS])
        findings.append(_differs(source, day, f"{len(worst) - MOST_MODELS} further models", f"they differ too, as {rest}"))
    return findings


def _off(says: Amounts, has: Amounts, tolerance: _Tolerance) -> str:
    measures = [("input tokens", says.input_tokens, has.input_tokens), ("output tokens", says.output_tokens, has.output_tokens)]
    if says.request_count is not None:
        measures.insert(0, ("requests", says.request_count, has.request_count or 0))
    return "; ".join(words for what, one, other in measures if (words := tolerance.broken(what, one, other)))


def _distance(says: Amounts, has: Amounts) -> int:
    return abs(says.input_tokens + says.output_tokens - has.input_tokens - has.output_tokens)


def _differs(source: str, day: date, model: str, observed: str) -> Finding:
    return judged(
        USAGE_REPORTS,
        f"the {source} report of {day} and the warehouse agree on {model}",
        severity="block",
        success=False,
        advice=_CAUSES,
        observed=observed,
        limit=source,
    )


def _missing(source: str, day: date) -> Finding:
    return judged(
        USAGE_REPORTS,
        f"the {source} report of {day} is landed",
        severity="warn",
        success=False,
        advice=_EXPORT_IT,
        observed="no total of that day",
    )


def _unknown(source: str, day: date, unknown: list[str], named: ByModel, covered: ByModel) -> Finding:
    others = sorted(set(covered) - set(named))
    observed = f"it names {_listed(unknown)}, of which no request was ever taken in"
    observed += f"; used and not named: {_listed(others)}" if others else ""
    return judged(
        USAGE_REPORTS,
        f"the warehouse knows every model of the {source} report of {day}",
        severity="warn",
        success=False,
        advice=_NAME_THEM,
        observed=observed,
    )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_MODELS} more" if len(names) > MOST_MODELS else ""
    return ", ".join(names[:MOST_MODELS]) + more


def _is_covered(model: str, terms: ReportTerms) -> bool:
    return not terms.covers or any(fnmatchcase(model, pattern) for pattern in terms.covers)


def _none_like(amounts: Amounts) -> int | None:
    return None if amounts.request_count is None else 0


def _sum(amounts: Iterable[Amounts], *, counted: bool) -> Amounts:
    total = Amounts(0 if counted else None)
    for one in amounts:
        total += one
    return total


def _known(database: GateDatabase, warehouse: str) -> tuple[date | None, set[str]]:
    """Return the first day that was taken in, and the names of all models ever used."""
    rows = database.rows(f"select request_model, min(arrived_on) from {warehouse}.{_OF_MODELS} group by request_model")
    return min((_date(first) for _, first in rows), default=None), {str(model) for model, _ in rows}


def _used(database: GateDatabase, warehouse: str, first: date, as_of: date) -> Mapping[date, ByModel]:
    rows = database.rows(
        "select activity_date, request_model, sum(success_count), sum(input_tokens), sum(output_tokens) "
        f"from {warehouse}.{_OF_MODELS} where activity_date between date '{first}' and date '{as_of}' "
        f"and arrived_on <= date '{as_of}' group by activity_date, request_model"
    )
    return _by_day((_date(day), str(model), Amounts(*(int(str(number)) for number in numbers))) for day, model, *numbers in rows)


def _reported(database: GateDatabase, files: list[Path]) -> dict[str, dict[date, ByModel]]:
    """Return what the reports in force say of usage, by source, day and model."""
    rows = database.rows(
        "select source, activity_date, coalesce(model, ''), "
        "case when count(request_count) = count(*) then sum(request_count) end, "
        "coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0) "
        f"from ({newest_totals(files)}) where report <> {literal(COSTS)} group by all"
    )
    found: dict[str, list[tuple[date, str, Amounts]]] = {}
    for source, day, model, requests, inputs, outputs in rows:
        counted = None if requests is None else int(str(requests))
        amounts = Amounts(counted, int(str(inputs)), int(str(outputs)))
        found.setdefault(str(source), []).append((_date(day), str(model), amounts))
    return {source: _by_day(of_source) for source, of_source in found.items()}


def _by_day(rows: Iterable[tuple[date, str, Amounts]]) -> dict[date, ByModel]:
    found: dict[date, ByModel] = {}
    for day, model, amounts in rows:
        found.setdefault(day, {})[model] = amounts
    return found


def _date(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
