"""What each signal is worth over all worlds, and why a silent one stayed silent.

Belongs here: pooling results per signal into measurements. Words of the page live in `signal_tables`.
"""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from orchestration.catalogue.measurements import SignalMeasurement
from orchestration.evaluation.levels import NOT_LOOKALIKES
from orchestration.evaluation.pooling import pooled_share
from orchestration.evaluation.results import SignalResult, WorldResult

_EVERYBODY = ("guilty", "victim", "innocent")


def measured_signals(worlds: Sequence[WorldResult]) -> list[SignalMeasurement]:
    """Return one measurement for each signal of these worlds, in text order.

    Raises ValueError when there are no worlds or they are of two sets, or judged by two versions of a signal.
    """
    if len({world.plan.set_name for world in worlds}) != 1:
        raise ValueError(f"signals are measured over worlds of one set, given {len(worlds)} worlds of none or several")
    return [_measured(worlds, found) for found in by_signal(worlds)]


def by_signal(worlds: Sequence[WorldResult]) -> list[list[SignalResult]]:
    """Return, for each signal in text order, its result in every world, in their order."""
    names = sorted({signal.signal_id for world in worlds for signal in world.signals})
    found = [[s for world in worlds for s in world.signals if s.signal_id == name] for name in names]
    for results in found:
        versions = sorted({s.signal_version for s in results})
        if len(versions) > 1 or len(results) != len(worlds):
            raise ValueError(
                f"every world must be judged on one version of {results[0].signal_id}, given versions {versions} in "
                f"{len(results)} of {len(worlds)} worlds: give each code a folder of its own"
            )
    return found


def silence(found: Sequence[SignalResult]) -> str | None:
    """Return why a signal never fired in any world, in words; None where it fired."""
    if any(signal.fired(*_EVERYBODY) for signal in found):
        return None
    one = found[0]
    subjects = sum(signal.subject_count for signal in found)
    valued = sum(signal.valued_count for signal in found)
    computable = sum(signal.computable(*_EVERYBODY) for signal in found)
    if valued == 0:
        return f"never computable: of {subjects} {one.subject_type}s none had what it is computed from"
    if computable == 0:
        most = max(signal.greatest_support or 0 for signal in found)
        return f"never computable: a value rested on at most {most:g}, and it asks for {one.minimum_support:g}"
    nearest = max((s.greatest_excess for s in found if s.greatest_excess is not None), default=None)
    return (
        f"computable for {computable} {one.subject_type}s, never fired: the largest deviation was "
        f"{'none' if nearest is None else f'{nearest:.3g}'}, and it fires above {one.threshold:g}"
    )


def _measured(worlds: Sequence[WorldResult], found: Sequence[SignalResult]) -> SignalMeasurement:
    one = found[0]
    seeds, numbers = [world.plan.seed for world in worlds], sorted(world.plan.number for world in worlds)
    right = "innocent" if one.is_mitigating else "guilty"
    fired, computable = _lookalikes(found, "fired"), _lookalikes(found, "computable")
    most = max(sorted(fired), key=lambda name: fired[name], default=None)
    most = most if most is not None and fired[most] else None
    nights = [n for signal in found for n in signal.campaign_nights if n is not None]
    return SignalMeasurement(
        signal_id=one.signal_id,
        signal_version=one.signal_version,
        subject_type=one.subject_type,
        is_mitigating=one.is_mitigating,
        world_set=worlds[0].plan.set_name,
        worlds=" ".join(map(str, numbers)),
        first_seed=min(seeds),
        last_seed=max(seeds),
        fired_guilty=sum(signal.fired("guilty") for signal in found),
        fired_victim=sum(signal.fired("victim") for signal in found),
        fired_innocent=sum(signal.fired("innocent") for signal in found),
        computable_guilty=sum(signal.computable("guilty") for signal in found),
        base_rate=pooled_share([s.fired("innocent") for s in found], [s.computable("innocent") for s in found]),
        precision=pooled_share([s.fired(right) for s in found], [s.fired(*_EVERYBODY) for s in found]),
        most_alike=most,
        most_alike_fired=fired[most] if most else 0,
        most_alike_computable=computable[most] if most else 0,
        campaigns=sum(len(signal.campaign_nights) for signal in found),
        campaigns_fired=len(nights),
        median_nights=float(median(nights)) if nights else None,
    )


def _lookalikes(found: Sequence[SignalResult], of: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for signal in found:
        for group in signal.groups:
            if group.side == "innocent" and group.group not in NOT_LOOKALIKES:
                counted[group.group] += getattr(group, of)
    return counted
