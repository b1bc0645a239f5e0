"""The one resource of a run: which home and landing folder, held under the home's lock for the run's duration."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from orchestration import run_log
from orchestration.lineage import recording
from orchestration.night.lock import home_lock
from orchestration.night.running import Night, say
from orchestration.settings import Home


class NightResource(dg.ConfigurableResource["NightResource"]):
    """Home, landing folder, and for a superseding release the reason."""

    home: str
    landing: str
    reason: str = ""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["NightResource"]:
        """Hold the home's lock and record the run while it lasts; HomeLockedError when another run has the home."""
        with (
            run_log.recording(self.where, "dagster", context.run_id) as run_id,
            recording.recording(self.where, run_id),
            home_lock(self.where),
        ):
            yield self

    @property
    def where(self) -> Home:
        """The home as settings."""
        return Home(root=Path(self.home))

    def of(self, context: dg.AssetExecutionContext) -> Night:
        """Return the night whose steps say what they do in Dagster's log too."""

        def say_twice(message: str) -> None:
            context.log.info(message)
            say(message)

        return Night(home=self.where, landing=Path(self.landing).resolve(), reason=self.reason, say=say_twice)
