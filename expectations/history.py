"""What a delivery is held against: the days before. Volume, shares of NULL, units and the clock, one aggregate a table.

Belongs here: profiles of arrival days and the limits of their change. What a single night must be stands in the suites.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil, exp
from statistics import median

from pydantic import BaseModel, ConfigDict, Field

from expectations.database import GateDatabase, quoted
from expectations.landing_views import ARRIVAL
from expectations.profiles import DayProfile
from expectations.report import Finding, Severity, judged
from expectations.settings import GateSettings
from orchestration.contract import Table

VOLUME, CLOCK, FRESHNESS, PARTITION, REDELIVERY = "volume", "clock", "freshness", "partition", "redelivery"
"""Names of limits of a table; those of a column are `null_share:<column>` and `unit:<column>`."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConsumedFile(_Frozen):
    """A file that a night took in before: its digest, rows and the day it counted for."""

    sha256: str
    row_count: int
    arrived_on: date


class History(_Frozen):
    """What earlier nights left: profiles of arrival days, and every consumed file by its path in the landing folder."""

    profiles: tuple[DayProfile, ...] = ()
    consumed: dict[str, ConsumedFile] = Field(default_factory=dict[str, ConsumedFile])

    def of(self, table: str) -> list[DayProfile]:
        """The profiles of one table, oldest first."""
        return sorted((profile for profile in self.profiles if profile.table == table), key=lambda profile: profile.arrived_on)


def profile_days(
    database: GateDatabase, name: str, table: Table, columns: Mapping[str, str], days: Sequence[date]
) -> list[DayProfile]:
    """Profile the relation `name` by arrival day; a day of `days` without a row has a profile of zero rows.

    `columns` are the sound ones. Raises sqlalchemy.exc.DBAPIError when values cannot be read.
    """
    optional = [column.name for column in table.columns if not column.required]
    nullable = [column for column in optional if column in columns]
    units = [column.name for column in table.columns if column.unit and columns.get(column.name, "NULL").strip('"') != "NULL"]
    event = quoted(table.event_at) if table.delivery == "event" and table.event_at in columns else "null"
    event = f"cast({event} as timestamp)"
    lag = f"date_diff('second', {event}, {ARRIVAL} + interval 1 day) / 3600.0"
    measures = [f"count_if({quoted(column)} is null)" for column in nullable]
    for column in units:
        measures += [f"avg(ln(case when {quoted(column)} > 0 then {quoted(column)} end))", f"count_if({quoted(column)} > 0)"]
    found: dict[date, DayProfile] = {}
    # dates far off overflow a difference of seconds; the rows that hold them are faults of their own
    near = f"{event} between {ARRIVAL} - interval 5 day and {ARRIVAL} + interval 2 day"
    for row in database.rows(
        f"select {ARRIVAL}, count(*), avg(case when {near} then case when {lag} between -12 and 36 then {lag} end end), "
        f"max(case when {near} then {event} end), {', '.join([*measures, '0'])} from {quoted(name)} "
        f"where {ARRIVAL} is not null group by 1"
    ):
        day, row_count, mean_lag, newest, *rest = row
        nulls = dict(zip(nullable, rest[: len(nullable)], strict=True))
        levels = [rest[len(nullable) + 2 * place : len(nullable) + 2 * place + 2] for place in range(len(units))]
        found[date.fromisoformat(str(day))] = DayProfile.model_validate(
            {
                "table": name,
                "arrived_on": day,
                "row_count": row_count,
                "null_counts": {column: nulls.get(column, row_count) for column in optional},
                "levels": {
                    column: {"mean_log": mean_log, "value_count": value_count}
                    for column, (mean_log, value_count) in zip(units, levels, strict=True)
                    if mean_log is not None
                },
                "mean_lag_hours": mean_lag,
                "newest_event_at": newest,
            }
        )
    return [found.get(day, DayProfile(table=name, arrived_on=day, row_count=0)) for day in sorted({*days, *found})]


def history_findings(
    name: str, table: Table, profiles: Sequence[DayProfile], history: History, settings: GateSettings
) -> list[Finding]:
    """Hold each arrival day against the trailing days before it, days of the same run included.

    A limit is judged from `volume_trailing_days` days on; of a run's days the ones that break it are named.
    """
    known = history.of(name)
    broken: dict[str, list[Finding]] = {}
    held: dict[str, Finding] = {}
    for profile in profiles:
        since = profile.arrived_on - timedelta(days=settings.volume_window_days)
        trailing = [earlier for earlier in known if since <= earlier.arrived_on < profile.arrived_on]
        for finding in [*_freshness(name, table, profile), *_changes(name, table, profile, trailing, settings)]:
            limit = str(finding.limit)
            if finding.success:
                held[limit] = finding
            else:
                broken.setdefault(limit, []).append(finding)
        known.append(profile)
    judged_limits = dict.fromkeys([*held, *broken])
    return [finding for limit in judged_limits for finding in (broken.get(limit) or [held[limit]])]


def source_limits(name: str, table: Table) -> list[str]:
    """Return the names of the limits of a landing table that a person may override."""
    limits = [VOLUME]
    if table.required:
        limits.append(PARTITION)
    if table.delivery == "event":
        limits += [CLOCK, FRESHNESS, REDELIVERY]
    limits += [f"unit:{column.name}" for column in table.columns if column.unit]
    return limits


def _changes(
    name: str, table: Table, profile: DayProfile, trailing: Sequence[DayProfile], settings: GateSettings
) -> list[Finding]:
    if len(trailing) < settings.volume_trailing_days:
        return []
    return [
        *_volume(name, table, profile, trailing, settings),
        *_clock(name, profile, trailing, settings),
        *_units(name, profile, trailing, settings),
        *_nulls(name, profile, trailing, settings),
    ]


def _freshness(name: str, table: Table, profile: DayProfile) -> list[Finding]:
    if table.delivery != "event" or profile.newest_event_at is None:
        return []
    day = profile.arrived_on
    return [
        judged(
            name,
            f"the newest row that arrived on {day} happened on that day",
            severity="block",
            success=profile.newest_event_at.date() >= day,
            advice=f"Ask the provider for the rows of {day}: what was delivered for that day is older.",
            observed=f"{profile.newest_event_at:%Y-%m-%d %H:%M} UTC",
            limit=FRESHNESS,
            is_late=True,
        )
    ]


def _volume(
    name: str, table: Table, profile: DayProfile, trailing: Sequence[DayProfile], settings: GateSettings
) -> list[Finding]:
    usual = float(median(earlier.row_count for earlier in trailing))
    if usual <= 0 or (not table.required and usual < settings.fewest_optional_rows):
        return []
    severity: Severity = "block" if table.required else "warn"
    floor, ceiling = settings.volume_floor_ratio, settings.volume_ceiling_ratio
    if table.delivery == "extract":
        floor = settings.extract_floor_ratio
    if not table.required:
        floor, ceiling = settings.volume_floor_ratio / 2, settings.volume_ceiling_ratio * 2
    # Whole rows, rounded outwards: a count on the limit itself passes.
    lowest, highest = int(usual * floor), ceil(usual * ceiling)
    return [
        judged(
            name,
            f"the number of rows that arrived on {profile.arrived_on} is between {lowest:,} and {highest:,} "
            f"(the median of {len(trailing)} trailing days is {usual:,.0f})",
            severity=severity,
            success=lowest <= profile.row_count <= highest,
            advice="Ask the provider whether the day is whole and delivered once.",
            observed=profile.row_count,
            limit=VOLUME,
        )
    ]


def _clock(name: str, profile: DayProfile, trailing: Sequence[DayProfile], settings: GateSettings) -> list[Finding]:
    earlier = [day.mean_lag_hours for day in trailing if day.mean_lag_hours is not None]
    if profile.mean_lag_hours is None or not earlier or profile.row_count < settings.fewest_clock_rows:
        return []
    usual = median(earlier)
    shift = usual - profile.mean_lag_hours
    return [
        judged(
            name,
            f"the times of rows that arrived on {profile.arrived_on} lie as usual within their day, "
            f"give or take {settings.clock_shift_hours:g} hours",
            severity="block",
            success=abs(shift) <= settings.clock_shift_hours,
            advice="Check that the provider's timestamps are UTC and its clock is right.",
            observed=f"times {abs(shift):.1f} hours {'later' if shift > 0 else 'earlier'} than on the days before",
            limit=CLOCK,
        )
    ]


def _units(name: str, profile: DayProfile, trailing: Sequence[DayProfile], settings: GateSettings) -> list[Finding]:
    findings: list[Finding] = []
    for column, level in profile.levels.items():
        earlier = [
            day.levels[column].mean_log
            for day in trailing
            if column in day.levels and day.levels[column].value_count >= settings.fewest_unit_values
        ]
        if len(earlier) < settings.volume_trailing_days or level.value_count < settings.fewest_unit_values:
            continue
        usual = median(earlier)
        ratio = exp(level.mean_log - usual)
        largest = settings.unit_ratio
        findings.append(
            judged(
                name,
                f"the geometric mean of {column} that arrived on {profile.arrived_on} stays within {largest:g} times that of "
                "the days before",
                severity="block",
                success=1 / largest <= ratio <= largest,
                advice=f"Ask the provider whether the unit of {column} changed, and take a delivery in the contract's unit.",
                observed=f"{exp(level.mean_log):,.4g} against {exp(usual):,.4g}, {ratio:.3g} times",
                limit=f"unit:{column}",
            )
        )
    return findings


def _nulls(name: str, profile: DayProfile, trailing: Sequence[DayProfile], settings: GateSettings) -> list[Finding]:
    if profile.row_count < settings.fewest_null_rows:
        return []
    moved: list[str] = []
    for column, nulls in profile.null_counts.items():
        shares = [day.null_counts[column] / day.row_count for day in trailing if column in day.null_counts and day.row_count > 0]
        if len(shares) >= settings.volume_trailing_days:
            usual, share = median(shares), nulls / profile.row_count
            if abs(share - usual) > settings.null_share_step:
                moved.append(f"{column} ({share:.0%} NULL, before {usual:.0%})")
    return [
        judged(
            name,
            f"shares of NULL that arrived on {profile.arrived_on} are within {settings.null_share_step:.0%} of the days before",
            severity="warn",
            success=not moved,
            advice="What needs the column is not computable where it is NULL; ask the provider whether it is still filled.",
            observed=", ".join(moved) or None,
            limit="null_share",
        )
    ]
