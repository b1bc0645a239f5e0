"""Volumes before and after an action, of units and of others: prevented and displaced volume."""

import numpy as np
import polars as pl

from orchestration.measurement.dependence import dependence_of, ratio_margin
from orchestration.measurement.displacement import displacement_rows
from orchestration.measurement.facts import FACTS
from orchestration.measurement.interrupted import prevented_by_break
from orchestration.measurement.intervals import Numbers, Places
from orchestration.measurement.prevention import before_trend, by_break, by_difference, volume_grid
from orchestration.measurement.rows import Estimate
from orchestration.proving.trial import SETTINGS, Drawn, Trial
from orchestration.proving.units import AFTER, DAYS, SPREAD, Units, carried, matched, stopped, ties_of, unit_days, untouched

_WINDOW = 28
_POOL = 400
_REQUESTS = pl.col("request_count")


def before_and_after(days: pl.DataFrame) -> Estimate:
    """The shortcut: the fall of each unit's own mean day, with Student's interval over units."""
    own = (
        days.filter(~pl.col("is_control"))
        .group_by("unit_id", maintain_order=True)
        .agg(
            pre=_REQUESTS.filter(pl.col("relative_day").is_between(-28, -1)).mean(),
            post=_REQUESTS.filter(pl.col("relative_day") > 0).mean(),
        )
    )
    before = _WINDOW * own["pre"].to_numpy()
    fallen = before - _WINDOW * own["post"].to_numpy()
    margin = ratio_margin(fallen, before, dependence_of(own["unit_id"].to_list(), []))
    return Estimate.around(float(fallen.sum()), margin * float(before.sum()), own.height, "before and after")


def _prevented(requests: Numbers, left: Numbers) -> float:
    return float((requests - left)[:, AFTER].sum())


def _chosen(generator: np.random.Generator, size: int, weights: Numbers | None = None) -> tuple[Places, Places]:
    """Return `size` units drawn from the pool, by weight, and those left."""
    shares = None if weights is None else weights / weights.sum()
    chosen = np.sort(generator.choice(_POOL, size, replace=False, p=shares))
    return chosen, np.setdiff1d(np.arange(_POOL), chosen)


def _difference(generator: np.random.Generator, chosen: Places, pool: Places, units: Units) -> Drawn:
    left = stopped(generator, units.requests[chosen])
    days = unit_days(chosen, left, matched(units, chosen, pool), units.requests)
    estimate = by_difference(volume_grid(days, ties_of(()), _REQUESTS, SETTINGS), _WINDOW, SETTINGS)
    return Drawn(_prevented(units.requests[chosen], left), estimate, before_and_after(days))


def step_for_all(generator: np.random.Generator, size: int) -> Drawn:
    """All customers, treated or not, send a third more from the day of the action on."""
    units = untouched(generator, _POOL, growth=0.002, step=0.3)
    return _difference(generator, *_chosen(generator, size), units)


def _stands_out(units: Units) -> Numbers:
    """Return weights of being acted on that grow with how far the last week stands above a unit's usual."""
    return np.exp(4 * units.above_usual[:, (DAYS < 0) & (DAYS >= -7)].mean(axis=1) / SPREAD)


def acted_on_at_their_peak(generator: np.random.Generator) -> Drawn:
    """Units are acted on in a week far above their usual, to which they would have returned anyway."""
    units = untouched(generator, _POOL)
    return _difference(generator, *_chosen(generator, 30, _stands_out(units)), units)


def behind_shared_proxies(generator: np.random.Generator) -> Drawn:
    """Three units and their likeliest controls share each proxy, to whom half of what is stopped moves."""
    proxies, per_proxy = 12, 3
    units = untouched(generator, _POOL)
    chosen, pool = _chosen(generator, proxies * per_proxy)
    proxy_of = np.repeat(np.arange(proxies), per_proxy)
    # a proxy's own fortunes carry all those behind it, acted on or not
    fortunes = np.exp(carried(generator, proxies))[proxy_of]
    requests = np.round(units.requests[chosen] * fortunes)
    left = stopped(generator, requests)
    controls, others = matched(units, chosen, pool), units.requests.copy()
    moved = 0.5 * (requests - left)
    ties = []
    for place, (unit, members) in enumerate(zip(chosen, controls, strict=True)):
        neighbour = members[0]
        others[neighbour] = np.round(others[neighbour] + moved[place])
        proxy = str(proxy_of[place])
        ties += [(f"u{unit}", f"u{unit}", "network", proxy), (f"u{unit}", f"u{neighbour}", "network", proxy)]
    # a neighbour of one unit is none of the controls of another
    taken = {int(members[0]) for members in controls}
    kept = [np.array([members[0], *(m for m in members[1:] if int(m) not in taken)]) for members in controls]
    days = unit_days(chosen, left, kept, others)
    estimate = by_difference(volume_grid(days, ties_of(ties), _REQUESTS, SETTINGS), _WINDOW, SETTINGS)
    shortcut = by_difference(volume_grid(days, ties_of(()), _REQUESTS, SETTINGS), _WINDOW, SETTINGS)
    return Drawn(_prevented(requests, left), estimate, shortcut)


def nothing_before(generator: np.random.Generator) -> Drawn:
    """Nothing was done in the 28 days before, so the test of the earlier trend should find nothing."""
    units = untouched(generator, _POOL, growth=0.002)
    chosen, pool = _chosen(generator, 30)
    days = unit_days(chosen, units.requests[chosen], matched(units, chosen, pool), units.requests)
    return Drawn(0.0, before_trend(volume_grid(days, ties_of(()), _REQUESTS, SETTINGS), SETTINGS))


def newey_west(days: Numbers, values: Numbers, units: int) -> Estimate:
    """The shortcut: a segmented regression without a week, with Newey and West's errors over seven days."""
    is_after = (days > 0).astype(np.float64)
    design = np.column_stack([np.ones_like(days), days, is_after, is_after * days])
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ values
    scores = design * (values - design @ coefficients)[:, None]
    middle = scores.T @ scores
    for lag in range(1, 8):
        crossed = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / 8) * (crossed + crossed.T)
    after = days[days > 0]
    contrast = -units * np.array([0.0, 0.0, float(after.size), float(after.sum())])
    value = float(contrast @ coefficients)
    margin = 1.96 * float(np.sqrt(contrast @ inverse @ middle @ inverse @ contrast))
    return Estimate.around(value, margin, units, "segmented least squares, Newey-West 95 %")


def _broken(generator: np.random.Generator, chosen: Places, units: Units, run_up: int | None) -> Drawn:
    left = stopped(generator, units.requests[chosen])
    pool = np.setdiff1d(np.arange(_POOL), chosen)
    days = unit_days(chosen, left, [pool[:1]] * chosen.size, units.requests)
    estimate = by_break(volume_grid(days, ties_of(()), _REQUESTS, SETTINGS), _WINDOW, SETTINGS)
    relative, series = DAYS.astype(np.float64), left.mean(axis=0)
    if run_up is None:
        shortcut = newey_west(relative, series, chosen.size)
    else:
        shortcut = prevented_by_break(relative, series, chosen.size, 1, run_up)
    return Drawn(_prevented(units.requests[chosen], left), estimate, shortcut)


def a_week_and_a_trend(generator: np.random.Generator) -> Drawn:
    """Volume grows steadily and falls at weekends; all were acted on on one weekday."""
    units = untouched(generator, _POOL, growth=0.002)
    return _broken(generator, _chosen(generator, 30)[0], units, run_up=None)


def broken_at_their_peak(generator: np.random.Generator) -> Drawn:
    """The interrupted series of units acted on in a week far above their usual."""
    units = untouched(generator, _POOL)
    return _broken(generator, _chosen(generator, 30, _stands_out(units))[0], units, run_up=0)


def broken_when_all_grew(generator: np.random.Generator) -> Drawn:
    """All customers send a third more from the day of the action on, which no series of the units alone can know."""
    units = untouched(generator, _POOL, step=0.3)
    return _broken(generator, _chosen(generator, 30)[0], units, run_up=None)


def moved_elsewhere(generator: np.random.Generator) -> Drawn:
    """Units of one case move like shares of their volume to another surface, where they had some before."""
    cases, per_case = 15, 2
    size = cases * per_case
    units = untouched(generator, size)
    mean_share = 0.3
    shares = np.repeat(generator.beta(3, 7, cases), per_case)
    elsewhere = generator.poisson(0.2 * units.requests)
    moved = np.where(AFTER, generator.poisson(shares[:, None] * units.last_weeks[:, None], elsewhere.shape), 0)
    before = np.where(AFTER | (DAYS < -28), 0, units.requests)
    rows = {"in_scope": before, "other_surface": np.where(DAYS < -28, 0, elsewhere + moved)}
    names = [f"u{unit}" for unit in range(size)]
    frames = [
        pl.DataFrame(
            {
                "unit_id": np.repeat(names, DAYS.size),
                "channel": channel,
                "surface": "api" if channel == "in_scope" else "chat",
                "partner": "",
                "relative_day": np.tile(DAYS, size),
                "observed_day_count": 60,
                "request_count": volume.astype(np.int64).ravel(),
                "output_tokens": volume.astype(np.int64).ravel(),
            }
        ).cast(FACTS["int_measurement__displacement"])
        for channel, volume in rows.items()
    ]
    days = unit_days(np.arange(size), units.requests, [np.array([unit]) for unit in range(size)], units.requests)
    ties = ties_of([(name, name, "case", str(place // per_case)) for place, name in enumerate(names)])
    found = {
        key: next(row.estimate for row in displacement_rows(pl.concat(frames), days, tied, SETTINGS) if row.metric == _SHARE)
        for key, tied in (("ours", ties), ("alone", ties_of(())))
    }
    return Drawn(mean_share, found["ours"], found["alone"])


_SHARE = "displacement_share"

TRIALS = (
    Trial(
        "difference, 30 units",
        "prevented_requests (design=did)",
        "30 units of 400 acted on, four in five requests stopped; controls matched by volume",
        lambda generator: step_for_all(generator, 30),
        trap="all customers grow by 30 % on the day of the action",
        shortcut="each unit before and after",
    ),
    Trial(
        "difference, 8 units",
        "prevented_requests (design=did)",
        "the same with 8 units",
        lambda generator: step_for_all(generator, 8),
        trap="all customers grow by 30 % on the day of the action",
        shortcut="each unit before and after",
    ),
    Trial(
        "difference, acted on at the peak",
        "prevented_requests (design=did)",
        "30 units, likelier to be acted on the further their last week stands above their usual",
        acted_on_at_their_peak,
        trap="regression to the mean",
        shortcut="each unit before and after",
    ),
    Trial(
        "difference, shared proxies",
        "prevented_requests (design=did)",
        "12 proxies with 3 units each and with other customers, to whom half of what is stopped moves",
        behind_shared_proxies,
        trap="interference through a shared proxy",
        shortcut="the same without knowing who shares a network",
    ),
    Trial(
        "earlier trend",
        "prevented_requests_pretrend",
        "30 units to whom nothing was done; the test should find nothing",
        nothing_before,
    ),
    Trial(
        "interrupted series, week and trend",
        "prevented_requests (design=its)",
        "the mean of 30 units that grow by 0.2 % a day and rest at weekends, errors carried over",
        a_week_and_a_trend,
        trap="season and carried-over errors",
        shortcut="no season, Newey-West errors",
    ),
    Trial(
        "interrupted series, acted on at the peak",
        "prevented_requests (design=its)",
        "30 units, likelier to be acted on the further their last week stands above their usual",
        broken_at_their_peak,
        trap="regression to the mean",
        shortcut="the same with the last week kept in",
    ),
    Trial(
        "interrupted series, all grow",
        "prevented_requests (design=its)",
        "30 units and all other customers grow by 30 % on the day of the action",
        broken_when_all_grew,
        trap="something else changed on that day",
        shortcut="no season, Newey-West errors",
        is_limit=True,
    ),
    Trial(
        "displaced share",
        "displacement_share",
        "15 cases of two units; those of one case move a like share of their volume to another surface",
        moved_elsewhere,
        trap="units of one case move together",
        shortcut="units taken to be alone",
    ),
)
