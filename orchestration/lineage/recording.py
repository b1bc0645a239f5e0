"""Recording a run while it goes on: its steps begin, tell of themselves, and end.

Belongs here: that a run nobody asked to record pays nothing, and that no fault of a record ever makes a night fail. The library
of events is imported by the first step that needs it.
"""

import json
import re
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Literal, ParamSpec

from orchestration import run_log
from orchestration.alerting.settings import AlertError, OperationSettings, operation_settings
from orchestration.discretion import discreet_words
from orchestration.lineage import spool
from orchestration.settings import Home
from orchestration.warehouse.transform import project_of_a_night

if TYPE_CHECKING:
    from orchestration.lineage.events import NightEvents
    from orchestration.lineage.graph import Graph
    from orchestration.lineage.telling import Told

End = Literal["COMPLETE", "FAIL", "ABORT"]
P = ParamSpec("P")

_open: list["_Recorder"] = []


def namespace_of(home: Home, settings: OperationSettings) -> str:
    """Return what the jobs and tables of a home are named under, in characters that every catalogue takes."""
    return settings.lineage_namespace or f"stillwatch.{re.sub(r'[^A-Za-z0-9_.-]', '_', home.root.name)}"


@contextmanager
def recording(home: Home, run_id: str) -> Generator[None]:
    """Record the steps that run inside where the settings ask for it, and send what waits when they are done."""
    try:
        settings = operation_settings()
    except AlertError as error:
        # alerts say the same; here it only has to be known why nothing was recorded
        run_log.warn(f"lineage is not recorded: {error}")
        settings = None
    if settings is None or not settings.records_lineage:
        yield
        return
    recorder = _Recorder(home, run_id, namespace_of(home, settings))
    _open.append(recorder)
    try:
        yield
    except GeneratorExit:
        recorder.end("COMPLETE")
        raise
    except BaseException as error:
        recorder.end(_end_of(error), discreet_words(error))
        raise
    else:
        recorder.end("COMPLETE")
    finally:
        _open.remove(recorder)
        recorder.hand_on()


@contextmanager
def step(name: str, first: date, last: date) -> Generator[None]:
    """Record one step of a night, and the night itself with its first."""
    if not _open:
        yield
        return
    recorder = _open[-1]
    recorder.begin_step(name, first, last)
    try:
        yield
    except BaseException as error:
        recorder.end_step(name, _end_of(error), discreet_words(error))
        raise
    recorder.end_step(name, "COMPLETE")


def tell(make: "Callable[[], Told]") -> None:
    """Tell of the step that is open what it did; `make` is called only where somebody listens."""
    if _open:
        _open[-1].tell(make)


def _end_of(error: BaseException) -> End:
    return "FAIL" if isinstance(error, Exception) else "ABORT"


def _sparing_the_night(act: Callable[Concatenate["_Recorder", P], None]) -> Callable[Concatenate["_Recorder", P], None]:
    """Return a method that raises nothing: a record is never worth a night, and after a fault there is none of the run."""

    @wraps(act)
    def spared(recorder: "_Recorder", *args: P.args, **kwargs: P.kwargs) -> None:
        if recorder.is_broken:
            return
        try:
            act(recorder, *args, **kwargs)
        except Exception as error:
            recorder.is_broken = True
            run_log.warn(f"lineage is no more recorded in this run: {type(error).__name__}")

    return spared


class _Recorder:
    """The record of one run. Whatever goes wrong in it is logged."""

    def __init__(self, home: Home, run_id: str, namespace: str) -> None:
        self._home, self._run_id, self._namespace = home, run_id, namespace
        self._path: Path | None = None
        self._events: NightEvents | None = None
        self._told: list[Told] = []
        self._failed = ""
        self.is_broken = False

    @_sparing_the_night
    def begin_step(self, name: str, first: date, last: date) -> None:
        """Record that a step begins; the first of a run begins the night."""
        events = self._events or self._begin(first, last)
        self._told.clear()
        self._write([events.step_begins(name)])

    @_sparing_the_night
    def tell(self, make: "Callable[[], Told]") -> None:
        """Keep what a step tells until it ends."""
        self._told.append(make())

    @_sparing_the_night
    def end_step(self, name: str, end: End, error: str = "") -> None:
        """Record how a step ended. A gate that said no has failed, though it ran as it should."""
        if self._events is None:
            return
        refused = next((words for told in self._told if (words := _refusal(told))), "")
        if refused and end == "COMPLETE":
            end, error = "FAIL", refused
        self._failed = self._failed or error
        self._write(self._events.step_ends(name, self._told, end, error))

    @_sparing_the_night
    def end(self, end: End, error: str = "") -> None:
        """Record how the run ended, if it began at all: as it did, or with the first step that failed."""
        if self._events is None:
            return
        words = error or self._failed
        self._write([self._events.night("FAIL" if words and end == "COMPLETE" else end, words)])
        spool.drop_old(self._home)

    def hand_on(self) -> None:
        """Send what waits, if the run was one of a night; what does not arrive waits for the next."""
        if self._path is None:
            return
        from orchestration.lineage.sending import send_waiting  # noqa: PLC0415 - only where lineage is recorded

        try:
            sent = send_waiting(self._home)
        except Exception as error:  # a catalogue is never worth a night
            words = str(error) if isinstance(error, AlertError) else type(error).__name__
            run_log.warn(f"lineage could not be sent: {words}")
            return
        if sent.refused:
            run_log.warn(f"{sent.refused} events of lineage were refused by the receiver and are not sent again")
        if sent.waiting:
            run_log.warn(f"{sent.waiting} events of lineage wait: the receiver {sent.outcome}")

    def _begin(self, first: date, last: date) -> "NightEvents":
        from orchestration.lineage.events import About, NightEvents  # noqa: PLC0415 - the library of events is heavy
        from orchestration.publishing.release import code_revision  # noqa: PLC0415

        self._close_what_died()
        self._path = spool.path_of_run(self._home, self._run_id, datetime.now(tz=UTC))
        about = About(
            home=self._home,
            namespace=self._namespace,
            run_id=self._run_id,
            first=first,
            last=last,
            revision=code_revision(),
        )
        self._events = NightEvents(about, cache(self._graph))
        self._write([self._events.night("START")])
        return self._events

    def _graph(self) -> "Graph":
        from orchestration.lineage.graph import graph_of  # noqa: PLC0415

        return graph_of(project_of_a_night(self._home))

    def _close_what_died(self) -> None:
        """End what the run before left open when it was killed, or a catalogue would show it as going on for ever."""
        for path in spool.run_files(self._home)[-1:]:
            at = datetime.now(tz=UTC).isoformat()
            ended = {"eventType": "ABORT", "eventTime": at, "inputs": [], "outputs": []}
            spool.append(path, [json.dumps(event | ended, sort_keys=True) for event in spool.left_open(path)])

    def _write(self, events: Sequence[str]) -> None:
        if self._path is not None:
            spool.append(self._path, events)


def _refusal(told: "Told") -> str:
    """Return in words that a gate said no, the first line alone: the others give examples."""
    report = getattr(told, "report", None)
    return report.message().split("\n", 1)[0] if report is not None and not report.success else ""
