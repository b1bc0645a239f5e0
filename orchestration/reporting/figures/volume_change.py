"""Enforced actors' requests by day relative to their first action, and the change with its interval.

Belongs here: which actors and accounts count, and the two estimates. The drawing is in `volume.py`.
"""

import math
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict
from scipy.stats import t as student

from orchestration.reporting.charts.shapes import Point
from orchestration.reporting.formats import interval, plural, share
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings

# An action counts when it limits use, is not reversed and was not overturned: the warehouse's own rule for "in force".
_DAILY = """
with effective as (
    select
        coalesce(actor_id, account_id) as subject_id,
        account_id,
        cast(coalesce(effective_at, decided_at) as date) as action_date
    from actions
    where action_type in ('rate_limit', 'feature_block', 'suspension', 'termination')
        and reversed_at is null
        and not coalesce(is_overturned, false)
),
subjects as (
    select subject_id, min(action_date) as action_date
    from effective
    where action_date <= $as_of_date
    group by subject_id
),
subject_accounts as (
    select subject_id, account_id from effective
    union
    select actor_id, account_id from actor_members where actor_id in (select subject_id from subjects)
),
daily as (
    select
        subject_accounts.subject_id,
        account_days.activity_date,
        sum(coalesce(account_days.success_count, account_days.request_count)) as request_count
    from subject_accounts
    inner join subjects on subject_accounts.subject_id = subjects.subject_id
    inner join account_days
        on subject_accounts.account_id = account_days.account_id
        and account_days.activity_date between
            subjects.action_date - $window_days and subjects.action_date + $window_days
    group by subject_accounts.subject_id, account_days.activity_date
)
select
    subjects.subject_id,
    subjects.action_date,
    daily.activity_date,
    cast(daily.request_count as bigint) as request_count
from subjects
left join daily on subjects.subject_id = daily.subject_id
order by subjects.subject_id, daily.activity_date
"""


class VolumeChange(BaseModel):
    """Requests per day after over before, as a ratio with a 95% interval; None where too few actors were observed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enforced_count: int
    observed_count: int
    ratio: float | None = None
    lower: float | None = None
    upper: float | None = None

    @property
    def sentence(self) -> str:
        """The change in words, as a change of the mean with its interval."""
        if self.ratio is None or self.lower is None or self.upper is None:
            return "Too few enforced actors to say how their volume changed"
        who = f"Requests from {plural(self.observed_count, 'enforced actor')}"
        ratio, lower, upper = self.ratio - 1, self.lower - 1, self.upper - 1
        if upper < 0:
            return f"{who} fell by {share(-ratio)} after action (95% interval {interval(-upper, -lower, 'share')})"
        if lower > 0:
            return f"{who} rose by {share(ratio)} after action (95% interval {interval(lower, upper, 'share')})"
        return f"{who} did not clearly change after action (95% interval {interval(lower, upper, 'share')})"


def read_actors(release: Release, window_days: int) -> list[dict[int, int]]:
    """Return, for each enforced actor, requests by observed day from the action, days without requests as zero."""
    first = release.rows("select min(activity_date) as first_on from account_days")[0]["first_on"]
    found: dict[str, tuple[date, dict[int, int]]] = {}
    for row in release.rows(_DAILY, {"window_days": window_days}):
        _, requests = found.setdefault(row["subject_id"], (row["action_date"], {}))
        if row["activity_date"] is not None:
            requests[(row["activity_date"] - row["action_date"]).days] = row["request_count"]
    if first is None:
        return [{} for _ in found]
    days = range(-window_days, window_days + 1)
    last = release.manifest.as_of_date
    return [
        {day: requests.get(day, 0) for day in days if first <= action_date + timedelta(days=day) <= last}
        for action_date, requests in found.values()
    ]


def mean_by_day(actors: list[dict[int, int]], settings: ReportSettings) -> list[tuple[Point, int]]:
    """Return (mean with interval, actors observed) by day, leaving out days on which too few were observed."""
    points: list[tuple[Point, int]] = []
    for day in range(-settings.window_days, settings.window_days + 1):
        values = [actor[day] for actor in actors if day in actor]
        if len(values) < settings.minimum_actor_count:
            continue
        mean = math.fsum(values) / len(values)
        deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
        reach = _t(len(values)) * deviation / math.sqrt(len(values))
        points.append((Point(x=day, y=mean, lower=max(0.0, mean - reach), upper=mean + reach), len(values)))
    return points


def volume_change(actors: list[dict[int, int]], settings: ReportSettings) -> VolumeChange:
    """Return the change as the ratio of sums of per-actor daily means.

    Its variance is linearised: Cochran, Sampling Techniques (1977), eq. 6.13, without the finite-population correction
    because the actors stand for those to come.
    """
    pairs: list[tuple[float, float]] = []
    for actor in actors:
        before = [requests for day, requests in actor.items() if day < 0]
        after = [requests for day, requests in actor.items() if day > 0]
        if min(len(before), len(after)) >= settings.minimum_observed_days:
            pairs.append((sum(before) / len(before), sum(after) / len(after)))
    n, total_before = len(pairs), math.fsum(before for before, _ in pairs)
    if n < settings.minimum_actor_count or total_before == 0:
        return VolumeChange(enforced_count=len(actors), observed_count=n)
    ratio = math.fsum(after for _, after in pairs) / total_before
    residuals = math.fsum((after - ratio * before) ** 2 for before, after in pairs) / (n - 1)
    reach = _t(n) * math.sqrt(residuals / n) / (total_before / n)
    return VolumeChange(
        enforced_count=len(actors), observed_count=n, ratio=ratio, lower=max(0.0, ratio - reach), upper=ratio + reach
    )


def _t(n: int) -> float:
    return float(student.ppf(0.975, n - 1))
