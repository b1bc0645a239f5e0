"""Signal precision with intervals, and the changes recommended upstream."""

from typing import Any

from orchestration.reporting.charts.shapes import Row, RowChart, RowGroup
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.formats import count, interval, name, number, plural, share
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table, TableColumn, numeric, text

_SIGNALS = """
select
    signal_performance.*,
    signal_registry.title,
    coalesce(signal_registry.hypothesis_sign, 1) as hypothesis_sign
from signal_performance
left join signal_registry on signal_performance.signal_id = signal_registry.signal_id
where signal_performance.group_kind = 'all'
order by
    signal_performance.precision desc nulls last,
    signal_performance.reviewed_count desc nulls last,
    signal_performance.signal_id,
    signal_performance.ruleset_version
"""


def signals_figure(release: Release, settings: ReportSettings) -> Figure:
    """Return the figure; a signal with too few reviews is listed without a number."""
    found = release.rows(_SIGNALS)
    mature = [row for row in found if _is_mature(row, settings) and row["hypothesis_sign"] > 0]
    drawn = mature[: settings.signal_row_count]
    left_out = len(found) - len(drawn)
    reviewed = [int(row["reviewed_count"]) for row in drawn]
    return Figure(
        figure_id="signals",
        topic="Which signals earn their place",
        title=_title(mature, found),
        subtitle="Share of reviewed subjects a signal fired on that were violations, highest first",
        definition=(
            "Precision is violations over decided reviews of subjects the signal fired on. Reviewed subjects are "
            "mostly those that scored high, so the precision among all it fired on may be lower. Signals with fewer "
            f"than {settings.minimum_review_count} reviews, and signals that speak against abuse, are not drawn "
            f"({left_out:,} here); all are in the rows below."
        ),
        n=f"{min(reviewed):,} to {max(reviewed):,} reviews a signal" if reviewed else "no signal with enough reviews",
        interval="95%, Wilson, as published",
        source="signal_performance, group all",
        query="select * from signal_performance where group_kind = 'all' order by precision desc nulls last, signal_id",
        chart=RowChart(
            groups=(RowGroup(title="", rows=tuple(_row(row) for row in drawn)),),
            unit="share",
            x_title="Precision",
            maximum=1.0,
        )
        if drawn
        else None,
        thin=None
        if drawn
        else f"Not drawn: no signal has {settings.minimum_review_count} reviewed subjects; {len(found):,} are listed.",
        table=Table(
            table_id="signals-rows",
            caption="Signals: how often they fire and how often they are right",
            columns=(
                TableColumn(title="Signal"),
                TableColumn(title="Speaks", is_facet=True),
                TableColumn(title="Fired", kind="number"),
                TableColumn(title="Base rate", kind="number"),
                TableColumn(title="Reviewed", kind="number"),
                TableColumn(title="Precision", kind="number"),
                TableColumn(title="95% interval", kind="number"),
                TableColumn(title="Lift", kind="number"),
                TableColumn(title="Weight", kind="number"),
                TableColumn(title="Borne out by verdicts", kind="number"),
                TableColumn(title="Recommended change", is_facet=True),
            ),
            rows=tuple(_cells(row, settings) for row in found),
            empty="The release has no signal performance.",
        ),
    )


def _is_mature(row: dict[str, Any], settings: ReportSettings) -> bool:
    return row["precision"] is not None and (row["reviewed_count"] or 0) >= settings.minimum_review_count


def _row(row: dict[str, Any]) -> Row:
    return Row(
        label=row["title"] or str(row["signal_id"]).removeprefix("sig_").replace("_", " "),
        value=row["precision"],
        lower=row["precision_lower"],
        upper=row["precision_upper"],
        note=f"{share(row['precision'])} (n = {count(row['reviewed_count'])})",
    )


def _cells(row: dict[str, Any], settings: ReportSettings):
    is_mature = _is_mature(row, settings)
    precision = row["precision"] if is_mature else None
    bounds = (row["precision_lower"], row["precision_upper"]) if is_mature else (None, None)
    return (
        text(row["signal_id"]),
        text("for abuse" if row["hypothesis_sign"] > 0 else "against abuse"),
        numeric(count(row["fired_count"]), row["fired_count"]),
        numeric(share(row["base_rate"]), row["base_rate"]),
        numeric(count(row["reviewed_count"]), row["reviewed_count"]),
        numeric(share(precision) if is_mature else "too little data", precision),
        numeric(interval(*bounds, "share"), bounds[0]),
        numeric(number(row["lift"]) if is_mature else "too little data", row["lift"] if is_mature else None),
        numeric(number(row["present_weight"]), row["present_weight"]),
        numeric(_weight(row), row["recommended_weight"]),
        text(name(row["recommended_change"])),
    )


def _weight(row: dict[str, Any]) -> str:
    if row["recommended_weight"] is None:
        return "too little data"
    bounds = interval(row["recommended_weight_lower"], row["recommended_weight_upper"], "number")
    return f"{number(row['recommended_weight'])} ({bounds})"


def _title(mature: list[dict[str, Any]], found: list[dict[str, Any]]) -> str:
    if not mature:
        return "Too few reviews to say which signals are precise"
    sure = sum(1 for row in mature if (row["precision_lower"] or 0.0) > 0.5)
    of = f"{sure:,} of {plural(len(mature), 'signal')} with enough reviews"
    return f"{of} {'is' if sure == 1 else 'are'} right more often than not, beyond the interval"
