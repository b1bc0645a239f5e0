"""One call of the simulator: the arrival days asked for, table by table.

Belongs here: the order of work. Every day is made from the world and the consequences of enforcement alone, so that
days may be written in any order.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pyarrow as pa

from simulator import money, outside, registers
from simulator.blocks import Block, joined
from simulator.consequences import Consequences, load, save
from simulator.contracted import write_contracts
from simulator.landing import arrivals, write_day
from simulator.people import DAY_US, epoch_us
from simulator.reacting import react
from simulator.requests import LATE_DAYS, Census, DayPlan, plan_day, take_census
from simulator.returning import return_block
from simulator.schema import REVIEW_TABLES, SCHEMAS
from simulator.settings import SimulationSummary, SimulatorSettings
from simulator.truth import write_accounts, write_campaigns, write_returned
from simulator.world import COHORT_DAYS, World, open_world

Progress = Callable[[str], None]


class _Days:
    """Plans and accounts of the days in work; a window of the late days is kept."""

    def __init__(self, world: World, state: Consequences) -> None:
        self._world, self._state = world, state
        self._plans: dict[date, DayPlan] = {}
        self._blocks: tuple[Block, ...] = ()
        self._until = -1
        self._census: Census | None = None

    def blocks(self, day: date) -> tuple[Block, ...]:
        """Return every block of accounts of a day, operators that have returned by then included."""
        cohort = self._world.day_number(day) // COHORT_DAYS
        if cohort != self._until:
            self._until = cohort
            self._blocks = self._world.accounts_by(day)
            for wave in dict.fromkeys(item.wave for item in self._state.returns):
                opened = [item for item in self._state.returns if item.wave == wave]
                everyone = joined("all", list(self._blocks))
                seed = self._world.settings.seed
                self._blocks += (return_block(wave, opened, everyone, seed, self._world.start),)
            self._census = None
        return self._blocks

    def plans(self, day: date) -> dict[int, DayPlan]:
        """Return the plans of a day and of the days whose late requests arrive on it, by distance in days."""
        wanted = {late: day - timedelta(days=late) for late in range(LATE_DAYS + 1)}
        wanted = {late: past for late, past in wanted.items() if past >= self._world.start}
        blocks, seed = self.blocks(day), self._world.settings.seed
        if self._census is None:
            self._census = take_census(blocks, self._world.start, self._state)
            self._plans.clear()
        self._plans = {past: plan for past, plan in self._plans.items() if past in wanted.values()}
        for past in wanted.values():
            if past not in self._plans:
                self._plans[past] = plan_day(self._census, past, self._world.day_number(past), seed)
        return {late: self._plans[past] for late, past in wanted.items()}


def simulate(settings: SimulatorSettings, progress: Progress | None = None) -> SimulationSummary:
    """Write the arrival days asked for into the landing folder and the ground truth into the truth folder.

    The first call on a truth folder fixes the world there; later calls extend it. With `react_to` the provider's
    reviewers work the newest queue of that release, beginning on the first day asked for; what was decided earlier goes
    on in every call. Raises ValueError when the settings differ from the world's, or the release is none that could be
    reacted to.
    """
    world = open_world(settings)
    state = load(settings.truth)
    days = tuple(settings.start + timedelta(days=number) for number in range(settings.days))
    if settings.react_to is not None:
        react(settings, settings.react_to, joined("all", list(_Days(world, state).blocks(settings.start))), state)
        save(settings.truth, state)
    rows = dict.fromkeys(SCHEMAS, 0)
    work = _Days(world, state)
    for day in days:
        for table, count in _write_arrival_day(settings, world, work, day, state).items():
            rows[table] += count
        if progress is not None:
            progress(f"{day.isoformat()}: {rows['usage_requests']} requests so far")
    everyone = joined("all", list(work.blocks(days[-1])))
    write_accounts(settings.truth, world, everyone)
    write_contracts(settings.truth, world.start, everyone)
    write_campaigns(settings.truth, world)
    write_returned(settings.truth, state.returns, settings.seed)
    return SimulationSummary(rows=rows, days=days)


def _write_arrival_day(settings: SimulatorSettings, world: World, work: _Days, day: date, state: Consequences) -> dict[str, int]:
    number, out, seed, start = world.day_number(day), settings.out, settings.seed, world.start
    blocks, plans = work.blocks(day), work.plans(day)
    accounts, fate, campaigns = plans[0].accounts, plans[0].census.fate, len(settings.campaigns)
    low, high = epoch_us(day), epoch_us(day) + DAY_US
    statuses = state.statuses(high - 1)
    lost = state.begun(low, high, "termination")
    parts: dict[str, Iterable[pa.Table]] = {
        "usage_requests": arrivals(plans, seed),
        "accounts": [registers.accounts(accounts, day, number, statuses)],
        "api_keys": [registers.api_keys(accounts, day, number, fate, lost)],
        "contracts": [registers.contracts(accounts, day, number)],
        "billing_charges": [money.charges(accounts, day, number, set(statuses))],
        "billing_credits": [money.credits(accounts, plans[0])],
        "model_releases": [outside.model_releases(start, number)],
        "intel_indicators": [outside.intel_indicators(blocks, start, number, seed, campaigns)],
        "external_leads": [outside.external_leads(blocks, start, number, seed, campaigns)],
        "external_corroboration": [outside.external_corroboration(blocks, start, number, seed, campaigns)],
    }
    parts |= {table: [outside.rows_table(table, state.rows(table, day))] for table in REVIEW_TABLES}
    return {table: write_day(out, table, day, parts[table]) for table in SCHEMAS}
