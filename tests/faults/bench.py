"""The night that faults are tried on: a small provider, a home with one night behind it, and what its second comes to.

Belongs here: homes, copies of them, commands run in them, the reader that reads meanwhile. What is done to them: trials.py.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from orchestration.publishing.manifest import Manifest, read_manifest
from orchestration.publishing.reading import records
from orchestration.publishing.releases import current_release, release_faults
from orchestration.settings import PROJECT_ROOT, Home
from simulator import SimulatorSettings, simulate

FIRST = date(2026, 3, 1)
NIGHT = FIRST + timedelta(days=1)
NEVER = "-1"


class Reader(threading.Thread):
    """Reads the current release again and again: every file as its manifest says, every table of one night."""

    def __init__(self, published: Path) -> None:
        super().__init__(daemon=True)
        self.published = published
        self.seen: set[str] = set()
        self.errors: list[str] = []
        self.reads = 0
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                self.errors += read_whole(self.published, self.seen)
            except Exception as error:
                self.errors.append(repr(error))
            self.reads += 1
            self._stop_asked.wait(1)

    def finish(self) -> None:
        self._stop_asked.set()
        self.join()


def read_whole(published: Path, seen: set[str]) -> list[str]:
    """Read the current release as a reader would, note its id, and return what is wrong with it."""
    release = current_release(published)
    manifest = read_manifest(release)
    seen.add(manifest.release_id)
    faults = release_faults(release)
    dates = records(release, "select distinct as_of_date from scores union select distinct as_of_date from review_queue")
    if [row["as_of_date"] for row in dates] != [manifest.as_of_date]:
        faults.append(f"{release.name} mixes nights: {dates}")
    return faults


@contextmanager
def reading(home: Home) -> Generator[Reader]:
    """Let a reader read while the block runs."""
    reader = Reader(home.published)
    reader.start()
    try:
        yield reader
    finally:
        reader.finish()


def copied(source: Home, root: Path) -> Home:
    """Copy a home, its logs and events aside."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(source.root, root, symlinks=True, ignore=shutil.ignore_patterns("dagster", "logs"))
    return Home(root=root)


def run(*words: str, module: str = "orchestration.cli") -> subprocess.CompletedProcess[str]:
    """Run a command as an operator would, to its end; what dbt parsed is the home's own and may be torn with it."""
    command = [sys.executable, "-m", module, *words]
    own = {**os.environ, "STILLWATCH_PARSED": ""}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT_ROOT, env=own)


@dataclass(frozen=True)
class Bench:
    """A landing of two days, a home after the first night, one after both, and the points that the second passed."""

    landing: Path
    base: Home
    whole: Home
    points: tuple[str, ...]

    def night(self, home: Home) -> list[str]:
        """Words of the second night in a home."""
        return ["nightly", "--landing", str(self.landing), "--home", str(home.root), "--date", str(NIGHT)]

    @property
    def wanted(self) -> Manifest:
        """What the second night comes to where nothing befalls it."""
        return read_manifest(current_release(self.whole.published))

    def lost(self, home: Home) -> list[str]:
        """Return the parts of the undisturbed release that a home's current one lacks or holds otherwise."""
        found = read_manifest(current_release(home.published))
        return [part.relative_path for part in self.wanted.parts if part not in found.parts]


def land(root: Path) -> Path:
    """Simulate two days of a provider with 200 accounts and 1,000 requests a day."""
    simulate(SimulatorSettings(out=root / "landing", truth=root / "truth", start=FIRST, days=2, accounts=200, requests=1000))
    return root / "landing"


def first_night(landing: Path, home: Home) -> None:
    """Run the first night in a new home."""
    done = run("nightly", "--landing", str(landing), "--home", str(home.root), "--date", str(FIRST))
    assert done.returncode == 0, done.stderr


def make_bench(root: Path) -> Bench:
    """Run both nights, each to its end."""
    landing, home = land(root), Home(root=root / "whole")
    first_night(landing, home)
    base = copied(home, root / "base")
    bench = Bench(landing, base, home, ())
    note = root / "points"
    done = run(str(note), NEVER, *bench.night(home), module="tests.faults.stopping")
    assert done.returncode == 0, done.stderr
    return Bench(landing, base, home, tuple(note.read_text(encoding="utf-8").splitlines()))


def run_stopping(words: list[str], note: Path, at_stop: Callable[[str], None]) -> int:
    """Run a command that stops at every point of a night, do something each time, let it go on; return its exit code."""
    command = [sys.executable, "-m", "tests.faults.stopping", str(note), "every", *words]
    with subprocess.Popen(command, cwd=PROJECT_ROOT) as process:
        while True:
            _, status = os.waitpid(process.pid, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                process.returncode = os.waitstatus_to_exitcode(status)
                return process.returncode
            at_stop(note.read_text(encoding="utf-8").splitlines()[-1])
            os.kill(process.pid, signal.SIGCONT)
