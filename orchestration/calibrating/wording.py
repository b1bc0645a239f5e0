"""A calibration as text for a terminal.

Belongs here: the order of the tables and the words around them.
"""

import click

from orchestration.calibrating.result import Bin, Bounded, Calibration, CalibrationReport
from orchestration.terminal import print_table


def print_calibration(found: CalibrationReport) -> None:
    """Print what the verdicts say of the scores, and what is recommended or missing."""
    counts = found.counts
    click.echo(
        f"Release {found.release_id}, rule set {found.ruleset_version}; leads first queued {found.drawn_from} to "
        f"{found.drawn_to} ({counts.nights} nights).\n"
        f"Population: {found.population}.\n"
        f"Verdicts used: {counts.decided - counts.unscored - counts.other_rule_set}. Left out: {counts.insufficient} "
        f"insufficient, {counts.undecided} undecided, {counts.external} from outside detection, {counts.unscored} without a "
        f"score in the release the reviewer saw, {counts.other_rule_set} scored with another rule set.\n"
        f"Reviewers: {_reviewers(found)}"
    )
    for calibration in found.calibrations:
        _print_one(calibration)


def _reviewers(found: CalibrationReport) -> str:
    counts = found.counts
    if counts.second_review_lower is None or counts.second_review_upper is None:
        return "no lead has two verdicts, so nothing is known of their errors."
    return (
        f"{counts.second_review_differing} of {counts.second_review_pairs} second verdicts differ "
        f"({counts.second_review_lower:.0%} to {counts.second_review_upper:.0%}); their errors are not corrected for."
    )


def _print_one(found: Calibration) -> None:
    unstated = f", {found.unstated} violations of unstated kind left out" if found.unstated else ""
    click.echo(f"\n{found.subject_type}, {found.kind}: {found.violations} violations, {found.benign} others{unstated}")
    if found.bins:
        print_table([_bin(each) for each in found.bins])
    if found.brier_before:
        click.echo(f"  Brier score {_bounded(found.brier_before)}")
    if found.brier_after and found.brier_difference:
        click.echo(f"  calibrated {_bounded(found.brier_after)}, difference {_bounded(found.brier_difference)}")
    if found.line:
        click.echo(f"  intercept {_bounded(found.line.intercept)}, slope {_bounded(found.line.slope)}")
    click.echo(
        f"  No calibration is recommended: {found.refusal}." if found.refusal else "  Recommended; nothing is adopted by itself."
    )


def _bin(each: Bin) -> dict[str, object]:
    row: dict[str, object] = {
        "log-odds": f"{each.from_log_odds:+.2f} to {each.to_log_odds:+.2f}",
        "verdicts": each.verdicts,
        "violations": each.violations,
        "score says": f"{each.predicted:.2%}",
        "weighted share": f"{each.observed.value:.2%} ({each.observed.lower:.2%} to {each.observed.upper:.2%})",
    }
    return row if each.calibrated is None else row | {"calibrated": f"{each.calibrated:.2%}"}


def _bounded(number: Bounded) -> str:
    return f"{number.value:.4f} ({number.lower:.4f} to {number.upper:.4f})"
