"""A backtest as text for a terminal.

Belongs here: the order of the tables and the words around them.
"""

from collections.abc import Sequence
from typing import Any

import click

from orchestration.backtesting.result import Backtest, Interval, LeadChange
from orchestration.terminal import print_table

LISTED = 15


def print_backtest(found: Backtest) -> None:
    """Print what would change, and what is not known."""
    click.echo(
        f"Champion: rule set {found.champion_version}. Challenger: rule set {found.challenger_version}, {found.challenger}. "
        f"Nights {found.as_of_from} to {found.as_of_to}.\n"
        f"The champion comes out as published: {found.reproduced.score_rows} scores and {found.reproduced.queue_rows} queue rows "
        "are equal."
    )
    _table("Changed numbers", [change.model_dump() for change in found.changes], "None: the challenger is the champion.")
    leads = found.leads
    click.echo(
        f"\nLeads by score: {leads.champion} subjects as champion, {leads.challenger} as challenger; {len(leads.gained)} gained, "
        f"{len(leads.lost)} lost, {len(leads.moved)} change place (median change {_number(leads.median_place_change)})."
    )
    for title, changes in (("Gained", leads.gained), ("Lost", leads.lost), ("Moved most", leads.moved)):
        _leads(title, changes)
    precision = found.precision
    click.echo(
        "\nPrecision within the review budget, weighted by the subjects each verdict stands for (95 %):\n"
        f"  champion    {_share(precision.champion)}; {precision.champion_decided} with verdict, "
        f"{precision.champion_undecided} without\n"
        f"  challenger  {_share(precision.challenger)}; {precision.challenger_decided} with verdict, "
        f"{precision.challenger_undecided} without\n"
        f"  difference  {_share(precision.difference, signed=True)}, paired by lead"
    )
    _table(
        "False positives by look-alike (subjects found benign that are flagged on any night)",
        [
            {
                "look-alike": rate.lookalike_id,
                "benign": rate.benign,
                "champion": rate.champion_flagged,
                "challenger": rate.challenger_flagged,
                "difference in share": _share(rate.difference, signed=True),
            }
            for rate in found.lookalikes
        ],
        "No benign verdicts.",
    )
    _table(
        "Stability of log-odds (population stability index; below 0.1 little, from 0.2 much)",
        [
            {
                "subject": row.subject_type,
                "champion to challenger": _number(row.champion_to_challenger, 3) + (" (large)" if row.is_large else ""),
                "champion, first to last night": _number(row.champion_first_to_last, 3),
                "challenger, first to last night": _number(row.challenger_first_to_last, 3),
            }
            for row in found.stability
        ],
        "No scores.",
    )
    click.echo(
        f"Share of a night's leads kept on the next: champion {_percent(found.champion_kept_share)}, challenger "
        f"{_percent(found.challenger_kept_share)}."
    )
    _table(
        "Shadow signals under the challenger: what each alone would add if active (never queued)",
        [
            {
                "signal": row.signal_id,
                "subjects": row.subjects,
                "mean": _number(row.mean_contribution),
                "greatest": _number(row.greatest_contribution),
                "resale mean": _number(row.mean_resale_contribution),
                "resale greatest": _number(row.greatest_resale_contribution),
                "newly flagged": row.newly_flagged,
            }
            for row in found.shadow
        ],
        "None.",
    )


def _table(title: str, records: Sequence[dict[str, Any]], otherwise: str) -> None:
    click.echo(f"\n{title}")
    if records:
        print_table(records)
    else:
        click.echo(f"  {otherwise}")


def _leads(title: str, changes: Sequence[LeadChange]) -> None:
    if not changes:
        return
    more = f" (the first {LISTED} of {len(changes)}; all with --json)" if len(changes) > LISTED else ""
    _table(
        title + more,
        [
            {
                "subject": change.subject_id,
                "type": change.subject_type,
                "first night": change.first_queued_on.isoformat(),
                "place": f"{change.champion_priority or '-'} -> {change.challenger_priority or '-'}",
                "log-odds": f"{_number(change.champion_log_odds)} -> {_number(change.challenger_log_odds)}",
                "verdict": change.verdict or "none",
            }
            for change in changes[:LISTED]
        ],
        "",
    )


def _number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _percent(value: float | None) -> str:
    return "not known (one night)" if value is None else f"{value:.0%}"


def _share(interval: Interval, *, signed: bool = False) -> str:
    if interval.value is None:
        return "not known (no verdict)"
    sign = "+" if signed else ""
    value = f"{100 * interval.value:{sign}.1f} %"
    if interval.lower is None or interval.upper is None:
        return f"{value} (n too small)"
    return f"{value} ({100 * interval.lower:{sign}.1f} to {100 * interval.upper:{sign}.1f})"
