"""Who came back: the return curve, and re-entry above what linking finds by mistake."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from orchestration.measurement.dependence import Dependence, dependence_of
from orchestration.measurement.incidence import WATCHED, BoundedShare, bounded_share, cumulative_incidence
from orchestration.measurement.intervals import Numbers, newcombe_difference, proportion
from orchestration.measurement.rows import Estimate, MetricRow, immature, slice_of
from orchestration.measurement.settings import MeasurementSettings
from orchestration.measurement.survival import curve_points
from orchestration.measurement.ties import shared_things, without_neighbours

_LONGEST_DAY = 90
SAME_SURFACE, OTHER_SURFACE = 1, 2
"""How a unit's watching ended, where it came back."""


@dataclass(frozen=True)
class Watched:
    """Days watched (n), how each ended (`WATCHED`, on a surface used before, or on another), and who may err alike."""

    days: Numbers
    causes: Numbers
    dependence: Dependence

    @property
    def returned(self) -> Numbers:
        """1 where a return was seen, on whatever surface."""
        return (self.causes != WATCHED).astype(np.float64)

    def is_shown(self, window: int, settings: MeasurementSettings) -> bool:
        """Whether enough units, of those that share nothing, were watched so long or had come back by then."""
        settled = int(np.count_nonzero((self.days >= window) | (self.causes != WATCHED)))
        least = settings.minimum_units
        # a curve whose last watched day lies before the window says nothing about the window's end
        return settled >= least and self.dependence.effective_count >= least and bool(np.any(self.days >= window))

    def share_by(self, window: int, *causes: int) -> BoundedShare:
        """Return the share that had come back by the window's end, on any surface or by the one cause given."""
        ends, cause = (self.causes, causes[0]) if causes else (self.returned, 1)
        return bounded_share(cumulative_incidence(self.days, ends, cause, window), self.dependence)


def reentry_rows(returns: pl.DataFrame, ties: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield the return curve and the re-entry rates within each window: enforced, placebo, and the difference.

    A placebo unit is a matched, never actioned one, followed from the same day under the same rule: what it shows are
    links that arise by chance. `reentry_rate` is the difference. A unit none of whose accounts held an identifier that
    can tie a new account to it is never seen to return: `reentry_rate_bounds` says how far that may go.
    """
    treated, placebo = watched_units(returns, ties, is_control=False), watched_units(returns, ties, is_control=True)
    yield from _curve("return_survival", treated, settings)
    yield from _curve("placebo_survival", placebo, settings)
    own = returns.filter(~pl.col("is_control"))
    can_be_linked = own.filter(pl.col("is_linkable").fill_null(False))
    linkable_share = proportion(can_be_linked.height, own.height, settings.minimum_units)
    yield MetricRow("reentry_linkable_share", linkable_share)
    linkable = watched_units(can_be_linked, ties, is_control=False)
    for window in settings.return_windows:
        where = slice_of(days=window)
        raw, chance = within(treated, window, settings), within(placebo, window, settings)
        yield MetricRow("reentry_rate_unadjusted", raw, where)
        yield MetricRow("reentry_rate_placebo", chance, where)
        yield MetricRow("reentry_rate", above_placebo(treated, placebo, window, settings), where)
        yield MetricRow("reentry_rate_bounds", hidden_bounds(treated, linkable, linkable_share, window, settings), where)
        for metric, cause in (("reentry_same_surface_rate", SAME_SURFACE), ("reentry_other_surface_rate", OTHER_SURFACE)):
            yield MetricRow(metric, within(treated, window, settings, cause), where)


def watched_units(returns: pl.DataFrame, ties: pl.DataFrame, *, is_control: bool) -> Watched:
    """Return how long each enforced unit, or each control, was watched and how that ended.

    Time starts with the action's effect: a return before it is no return, and time in which none could be seen is not
    counted. A control is watched until it is enforced itself.
    """
    timed = (
        without_neighbours(returns.filter(pl.col("is_control") == is_control), ties)
        .with_columns(
            watch_days=(pl.col("observed_until") - pl.col("enforced_on")).dt.total_days().clip(0),
            return_days=(pl.col("first_return_on") - pl.col("enforced_on")).dt.total_days().clip(0),
        )
        .with_columns(is_returned=(pl.col("return_days") <= pl.col("watch_days")).fill_null(False))
        .with_columns(days=pl.when("is_returned").then("return_days").otherwise("watch_days"))
        .sort("unit_id", "member_unit_id")
    )
    rows = [f"{unit} {member}" for unit, member in timed.select("unit_id", "member_unit_id").iter_rows()]
    members = zip(rows, timed["member_unit_id"], strict=True)
    things = [] if is_control else [(f"{unit} {unit}", thing) for unit, thing in shared_things(ties)]
    elsewhere = timed["is_on_other_surface"].fill_null(False).to_numpy()
    causes = np.where(timed["is_returned"].to_numpy(), np.where(elsewhere, OTHER_SURFACE, SAME_SURFACE), WATCHED)
    return Watched(
        days=timed["days"].to_numpy().astype(np.float64),
        causes=causes.astype(np.float64),
        dependence=dependence_of(rows, [members, things]),
    )


def within(watched: Watched, window: int, settings: MeasurementSettings, *causes: int) -> Estimate:
    """Return the share that had come back within `window` days, or done so first by one cause.

    Immature unless enough were watched that long.
    """
    n = int(watched.days.size)
    curve = "Aalen-Johansen, a first return elsewhere competes" if causes else "Kaplan-Meier"
    method = f"{curve}, Wilson 95 % at the effective size"
    if not watched.is_shown(window, settings):
        return immature(n, f"{method}; shown from {settings.minimum_units} units followed {window} days")
    found = watched.share_by(window, *causes)
    return Estimate(found.value, found.lower, found.upper, n, f"{method}, effective n {found.effective_n:.1f}")


def above_placebo(treated: Watched, placebo: Watched, window: int, settings: MeasurementSettings) -> Estimate:
    """Return the share that came back less the placebo's, with Newcombe's interval of a difference at both effective sizes."""
    n, method = int(treated.days.size), "Kaplan-Meier rate minus that of matched placebo units, Newcombe 95 %"
    if not (treated.is_shown(window, settings) and placebo.is_shown(window, settings)):
        return immature(n, f"{method}; needs both followed {window} days")
    raw, chance = treated.share_by(window), placebo.share_by(window)
    value, lower, upper = newcombe_difference(raw.value, raw.effective_n, chance.value, chance.effective_n)
    return Estimate(value, lower, upper, n, method)


def hidden_bounds(
    treated: Watched, linkable: Watched, linkable_share: Estimate, window: int, settings: MeasurementSettings
) -> Estimate:
    """Return the least and the greatest share that may have come back, whatever the units do that cannot be linked.

    The least: none of them came back; the greatest: all did (Manski 1990, American Economic Review 80:319-323), each with
    the outer end of its 95 % interval. There is no value between them that data could prefer.
    """
    n, method = int(treated.days.size), "none to all of the units that cannot be linked, outer 95 %"
    if linkable_share.value is None or not (treated.is_shown(window, settings) and linkable.is_shown(window, settings)):
        return immature(n, f"{method}; shown from {settings.minimum_units} linkable units followed {window} days")
    share = linkable_share.value
    greatest = share * linkable.share_by(window).upper + (1 - share)
    return Estimate(None, treated.share_by(window).lower, greatest, n, method)


def _curve(metric: str, watched: Watched, settings: MeasurementSettings) -> Iterator[MetricRow]:
    n = int(watched.days.size)
    method = "Kaplan-Meier, log-log 95 %; n is the number still watched"
    if n < settings.minimum_units:
        yield MetricRow(metric, immature(n, f"{method}; shown from {settings.minimum_units} units"), slice_of(day=0))
        return
    longest = int(min(_LONGEST_DAY, watched.days.max()))
    for point in curve_points(watched.days, watched.returned, np.arange(longest + 1, dtype=np.float64)):
        estimate = Estimate(point.survival, point.lower, point.upper, point.at_risk, method)
        shown = estimate.shown_from(settings.minimum_units, "units still watched")
        yield MetricRow(metric, shown, slice_of(day=int(point.time)))
