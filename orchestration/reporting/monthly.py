"""The monthly effect view: what was done, what it changed, what came back, and where decisions were wrong or uneven."""

from orchestration.reporting.answers import Answer
from orchestration.reporting.figures.by_month import RATES, TIMES, months_figure
from orchestration.reporting.figures.decisions import decisions_figure
from orchestration.reporting.figures.effect import displacement_figure, prevented_figure
from orchestration.reporting.figures.fairness import alike_figure, overturns_figure
from orchestration.reporting.formats import listed, plural
from orchestration.reporting.metrics import Metric, definitions_of
from orchestration.reporting.page import Page
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.view import Section, View

_MEASURES = {
    *RATES,
    *("prevented", "displacement", "displacement_share", "counterfactual_requests", "return_survival", "placebo_survival"),
    *("partial_overturn_rate", "harm", "consistency_index", "consistency_outlier", "leakage"),
    *("time_to_detect", "time_to_review", "time_to_act", "time_to_take_effect"),
}
_SAID = {
    "volume": "the change of volume",
    "prevented": "prevented volume",
    "returns": "the return curve",
    "displacement": "displacement",
    "overturns": "overturned actions",
    "alike": "consistency",
}


def build_monthly(release: Release, metrics: tuple[Metric, ...], page: Page, settings: ReportSettings) -> View:
    """Return the view of the months up to the release; figures of the report `page` that it shares are the same figures."""
    shared = {figure.figure_id: figure for figure in page.figures}
    decisions = decisions_figure(release)
    overturns, alike = overturns_figure(metrics), alike_figure(metrics)
    sections = (
        Section(section_id="done", title="What was done", figures=(decisions,)),
        Section(
            section_id="changed",
            title="What it changed",
            figures=(shared["volume"], prevented_figure(metrics), shared["returns"], displacement_figure(metrics)),
        ),
        Section(
            section_id="right",
            title="Where decisions were wrong or differ",
            figures=(overturns, alike, shared["consistency"]),
            tables=(page.outliers,),
        ),
        Section(
            section_id="months",
            title="Month by month",
            figures=(months_figure(metrics, RATES, "share"), months_figure(metrics, TIMES, "days")),
        ),
    )
    answers: tuple[Answer, Answer, Answer] = (
        ("What changed", f"{decisions.title}. {shared['volume'].title}."),
        ("How sure we are", _how_sure(sections)),
        ("What needs a decision", _needs(metrics)),
    )
    return View(
        file_name="monthly.html",
        title="Monthly effect",
        lead="What enforcement did, changed and missed, month by month.",
        manifest=release.manifest,
        answers=answers,
        sections=sections,
        definitions=tuple(words for words in definitions_of(metrics) if words.metric in _MEASURES),
        settings=settings,
    )


def _how_sure(sections: tuple[Section, ...]) -> str:
    """Name the effects that have an estimate, and those that have too little data for one."""
    figures = [figure for section in sections for figure in section.figures if figure.figure_id in _SAID]
    have = [_SAID[figure.figure_id] for figure in figures if figure.chart]
    lack = [_SAID[figure.figure_id] for figure in figures if not figure.chart]
    if not have:
        return "No effect has enough data for an estimate yet; counts are complete."
    rest = f"; there is too little for {listed(lack)}" if lack else ""
    return f"There is enough data to estimate {listed(have)}{rest}. Every estimate stands with its 95% interval."


def _needs(metrics: tuple[Metric, ...]) -> str:
    wrong = next((row.value or 0 for row in metrics if row.metric == "harm_account_days_lost" and not row.parts), 0)
    outlying = sum(1 for row in metrics if row.metric == "consistency_outlier")
    leaking = sum(
        1 for row in metrics if row.metric == "leakage_requests" and dict(row.parts).get("action_id") and (row.value or 0) > 0
    )
    needs = [
        said
        for amount, said in (
            (wrong, f"{plural(int(wrong), 'account-day')} lost to actions wrong on the facts"),
            (outlying, f"{plural(outlying, 'outlying decision')} to look at again"),
            (leaking, f"{plural(leaking, 'action')} that let requests through while in force"),
        )
        if amount
    ]
    return (
        f"{listed(needs)}."
        if needs
        else "Nothing: no decision is outlying, none was overturned on the facts and no action leaks."
    )
