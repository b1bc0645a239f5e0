"""Who comes back after an action, and who only seems to: re-entry rates."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from orchestration.measurement.facts import FACTS
from orchestration.measurement.incidence import WATCHED
from orchestration.measurement.intervals import Flags, Numbers, proportion
from orchestration.measurement.reentry import SAME_SURFACE, above_placebo, hidden_bounds, watched_units, within
from orchestration.measurement.rows import Estimate
from orchestration.measurement.ties import NETWORK
from orchestration.proving.trial import SETTINGS, Drawn, Trial
from orchestration.proving.units import ties_of

_AS_OF = date(2026, 6, 30)
_SCHEMA = FACTS["int_measurement__unit_returns"]
_NEVER = np.inf
_COMES_BACK = 0.35
_MEAN_DAYS = 10.0
_WINDOW = 28


def _within(share: float, mean_days: float, window: int) -> float:
    """Return the share that has come back by the end of a day `window`, when days are counted in full."""
    return share * (1 - float(np.exp(-(window + 1) / mean_days)))


def _return_days(generator: np.random.Generator, comes_back: Flags, mean_days: float = _MEAN_DAYS) -> Numbers:
    return np.where(comes_back, np.floor(generator.exponential(mean_days, comes_back.size)), _NEVER)


def unit_returns(
    units: list[str], members: list[str], enforced_days_ago: Numbers, return_days: Numbers, **further: object
) -> pl.DataFrame:
    """Return int_measurement__unit_returns: a return after the as-of date has not been seen."""
    enforced = [_AS_OF - timedelta(days=int(days)) for days in enforced_days_ago]
    seen = return_days <= enforced_days_ago
    returned = [
        day + timedelta(days=int(days)) if is_seen else None
        for day, days, is_seen in zip(enforced, return_days, seen, strict=True)
    ]
    columns: dict[str, object] = {
        "unit_id": units,
        "member_unit_id": members,
        "is_control": [unit != member for unit, member in zip(units, members, strict=True)],
        "action_type": "termination",
        "enforced_on": enforced,
        "first_return_on": returned,
        "is_on_other_surface": False,
        "is_linkable": True,
        "observed_until": _AS_OF,
    }
    return pl.DataFrame(columns | further, schema_overrides=_SCHEMA).select(list(_SCHEMA))


def _by_chance(generator: np.random.Generator) -> Drawn:
    """Cases of two units come back alike; one unit in twelve, enforced or not, is linked to a new account by mistake."""
    cases, per_case, controls, mistaken = 25, 2, 5, 1 / 12
    size = cases * per_case
    units = [f"u{unit}" for unit in range(size)]
    ago = np.repeat(generator.integers(5, 120, cases), per_case).astype(np.float64)
    likely = np.repeat(generator.beta(2, 2 * (1 - _COMES_BACK) / _COMES_BACK, cases), per_case)
    linked = _return_days(generator, generator.random(size) < mistaken)
    treated = unit_returns(units, units, ago, np.minimum(_return_days(generator, generator.random(size) < likely), linked))
    pool = _return_days(generator, generator.random(120) < mistaken)
    members = np.concatenate([generator.choice(120, controls, replace=False) for _ in range(size)])
    placebo = unit_returns(
        list(np.repeat(units, controls)), [f"c{member}" for member in members], np.repeat(ago, controls), pool[members]
    )
    ties = ties_of([(unit, unit, "case", str(place // per_case)) for place, unit in enumerate(units)])
    back, by_chance = watched_units(treated, ties, is_control=False), watched_units(placebo, ties, is_control=True)
    chance, true = _within(mistaken, _MEAN_DAYS, _WINDOW), _within(_COMES_BACK, _MEAN_DAYS, _WINDOW)
    truth = true + chance - true * chance - chance
    return Drawn(truth, above_placebo(back, by_chance, _WINDOW, SETTINGS), within(back, _WINDOW, SETTINGS))


def _immortal(generator: np.random.Generator) -> Drawn:
    """An action takes effect one to fourteen days after it was decided; nobody comes back to an account still open."""
    size, window, mean_days = 60, 7, 6.0
    units = [f"u{unit}" for unit in range(size)]
    ago, lag = generator.integers(10, 90, size).astype(np.float64), generator.integers(1, 15, size)
    days = _return_days(generator, generator.random(size) < _COMES_BACK, mean_days)
    from_effect = watched_units(unit_returns(units, units, ago, days), ties_of(()), is_control=False)
    from_decision = watched_units(unit_returns(units, units, ago + lag, days + lag), ties_of(()), is_control=False)
    return Drawn(
        _within(_COMES_BACK, mean_days, window), within(from_effect, window, SETTINGS), within(from_decision, window, SETTINGS)
    )


def _immature(generator: np.random.Generator) -> Drawn:
    """Most units were enforced in the last weeks, so that few were watched for the whole window."""
    size = 80
    units = [f"u{unit}" for unit in range(size)]
    ago = np.floor(generator.exponential(20, size)) + 1
    days = _return_days(generator, generator.random(size) < _COMES_BACK)
    watched = watched_units(unit_returns(units, units, ago, days), ties_of(()), is_control=False)
    back = int(np.count_nonzero((watched.causes != WATCHED) & (watched.days <= _WINDOW)))
    return Drawn(_within(_COMES_BACK, _MEAN_DAYS, _WINDOW), within(watched, _WINDOW, SETTINGS), proportion(back, size, 1))


def _unseen(generator: np.random.Generator) -> Drawn:
    """A third of the units hold no identifier that could tie a new account to them, and those come back the most."""
    size, hidden, hidden_back = 80, 1 / 3, 0.7
    units = [f"u{unit}" for unit in range(size)]
    is_linkable = generator.random(size) >= hidden
    days = _return_days(generator, generator.random(size) < np.where(is_linkable, _COMES_BACK, hidden_back))
    seen = np.where(is_linkable, days, _NEVER)
    frame = unit_returns(units, units, np.full(size, 90.0), seen, is_linkable=is_linkable)
    watched, tied = (watched_units(part, ties_of(()), is_control=False) for part in (frame, frame.filter(pl.col("is_linkable"))))
    share = proportion(int(is_linkable.sum()), size, SETTINGS.minimum_units)
    truth = _within((1 - hidden) * _COMES_BACK + hidden * hidden_back, _MEAN_DAYS, _WINDOW)
    bounds = hidden_bounds(watched, tied, share, _WINDOW, SETTINGS)
    return Drawn(truth, bounds, within(watched, _WINDOW, SETTINGS))


def _elsewhere(generator: np.random.Generator) -> Drawn:
    """As many come back on another surface first as on the old one, and each only once."""
    size = 80
    units = [f"u{unit}" for unit in range(size)]
    ago = generator.integers(5, 120, size).astype(np.float64)
    days = _return_days(generator, generator.random(size) < 2 * _COMES_BACK)
    frame = unit_returns(units, units, ago, days, is_on_other_surface=generator.random(size) < 0.5)
    watched = watched_units(frame, ties_of(()), is_control=False)
    alone = watched_units(
        frame.with_columns(
            observed_until=pl.when("is_on_other_surface")
            .then(pl.coalesce("first_return_on", "observed_until"))
            .otherwise("observed_until"),
            first_return_on=pl.when(~pl.col("is_on_other_surface")).then("first_return_on"),
        ),
        ties_of(()),
        is_control=False,
    )
    return Drawn(
        _within(_COMES_BACK, _MEAN_DAYS, _WINDOW),
        within(watched, _WINDOW, SETTINGS, SAME_SURFACE),
        within(alone, _WINDOW, SETTINGS),
    )


def _neighbours(generator: np.random.Generator) -> Drawn:
    """The nearest control of each unit is a customer of its proxy, and picks up new accounts when the unit comes back."""
    size, controls = 50, 3
    units = [f"u{unit}" for unit in range(size)]
    ago = generator.integers(5, 120, size).astype(np.float64)
    days = _return_days(generator, generator.random(size) < _COMES_BACK)
    treated = unit_returns(units, units, ago, days)
    others = np.full((size, controls), _NEVER)
    others[:, 0] = days
    members = [f"c{unit}-{place}" for unit in range(size) for place in range(controls)]
    placebo = unit_returns(list(np.repeat(units, controls)), members, np.repeat(ago, controls), others.ravel())
    ties = ties_of(
        [(unit, member, NETWORK, unit) for place, unit in enumerate(units) for member in (unit, members[place * controls])]
    )

    def excess(known: pl.DataFrame) -> Estimate:
        back, by_chance = watched_units(treated, known, is_control=False), watched_units(placebo, known, is_control=True)
        return above_placebo(back, by_chance, _WINDOW, SETTINGS)

    return Drawn(_within(_COMES_BACK, _MEAN_DAYS, _WINDOW), excess(ties), excess(ties_of(())))


TRIALS = (
    Trial(
        "re-entry above the placebo",
        "reentry_rate",
        "25 cases of two units enforced over four months, 35 % come back; one unit in twelve is linked by mistake",
        _by_chance,
        trap="false links pass for recidivism",
        shortcut="every linked new account is a return",
    ),
    Trial(
        "re-entry from effect",
        "reentry_rate_unadjusted",
        "60 units; actions take effect one to fourteen days after the decision",
        _immortal,
        trap="immortal time",
        shortcut="time counted from the decision",
    ),
    Trial(
        "re-entry, window not over",
        "reentry_rate_unadjusted",
        "80 units, one in four watched for the whole 28 days",
        _immature,
        trap="immature windows",
        shortcut="returns so far over all units",
    ),
    Trial(
        "re-entry, unseen returns",
        "reentry_rate_bounds",
        "80 units, a third without an identifier, of whom 70 % come back unseen and of the others 35 %",
        _unseen,
        trap="informative censoring",
        shortcut="who is not seen has not come back",
    ),
    Trial(
        "re-entry on the old surface",
        "reentry_same_surface_rate",
        "80 units, as many come back elsewhere first",
        _elsewhere,
        trap="competing risks",
        shortcut="Kaplan-Meier with a return elsewhere as the end of watching",
    ),
    Trial(
        "re-entry, placebo behind the same proxy",
        "reentry_rate",
        "50 units whose nearest control gets new accounts with them",
        _neighbours,
        trap="interference through a shared proxy",
        shortcut="the same without knowing who shares a network",
    ),
)
