"""What is done to a night and to what it leaves, one function a fault, each tried for real and to its end.

Belongs here: the faults of docs/reference/faults.md. A trial does the fault to a copy of the bench's home, does what the runbook
tells the operator to, and compares with the night that nothing befell.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from orchestration.publishing.releases import release_faults
from orchestration.settings import PROJECT_ROOT, Home

from .bench import NIGHT, Bench, Reader, copied, current_release, read_whole, reading, run, run_stopping

STOPPING = "tests.faults.stopping"
IN_2019 = """
import sys, time
real_time, shift = time.time, 1_555_555_555 - time.time()
time.time = lambda: real_time() + shift
sys.argv = ["stillwatch", *sys.argv[1:]]
from orchestration import cli
cli.main()
"""


class NotTriedError(RuntimeError):
    """A fault cannot be done on this machine; the message says what it needs."""


@dataclass(frozen=True)
class Trial:
    """What came of a fault: the program's words, what the operator did, and whatever was wrong in the end."""

    said: str
    then: str
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """A fault, and the function that tries it in a folder of its own."""

    name: str
    attempt: Callable[[Bench, Path], Trial]


def _judged(bench: Bench, home: Home, reader: Reader, done: subprocess.CompletedProcess[str], said: str, then: str) -> Trial:
    """Compare a home whose fault was mended with the undisturbed one."""
    wrong = [f"exit code {done.returncode}: {done.stderr[-300:]}"] * (done.returncode != 0)
    wrong += [f"a reader met: {error}" for error in reader.errors]
    wrong += [f"lost: {part}" for part in bench.lost(home)]
    release = current_release(home.published)
    wrong += [f"release {release.name} instead of {bench.wanted.release_id}"] * (release.name != bench.wanted.release_id)
    known = {bench.wanted.release_id, current_release(bench.base.published).name}
    wrong += [f"readers saw {name}" for name in sorted(reader.seen - known)]
    return Trial(said, then, (*wrong, *release_faults(release)))


def _last_line(text: str, home: Home) -> str:
    """Return the last line an operator reads, before the one that names the runbook; HOME stands for the home's path."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("Runbook: ")]
    return lines[-1].replace(str(home.root), "HOME") if lines else ""


def killed(bench: Bench, folder: Path, *, points: tuple[int, ...]) -> Trial:
    """Kill the night at one point, or at one after the other, each time in the same home; then let it run."""
    home = copied(bench.base, folder / "home")
    wrong: list[str] = []
    with reading(home) as reader:
        for point in points:
            died = run(str(folder / "note"), str(point), *bench.night(home), module=STOPPING)
            if died.returncode != -signal.SIGKILL:
                wrong.append(f"point {point} was not reached: exit code {died.returncode}")
            wrong += read_whole(home.published, set())
        done = run(*bench.night(home))
    trial = _judged(bench, home, reader, done, "nothing", "the same command")
    return Trial(trial.said, trial.then, (*wrong, *trial.wrong))


def two_at_once(bench: Bench, folder: Path) -> Trial:
    """Begin a second night whenever the first one stands still; it may do nothing."""
    home = copied(bench.base, folder / "home")
    seconds: list[subprocess.CompletedProcess[str]] = []

    def at_stop(point: str) -> None:
        if point in ("before prepare", "before publish_release"):
            seconds.append(run(*bench.night(home)))

    with reading(home) as reader:
        code = run_stopping(bench.night(home), folder / "note", at_stop)
    done = subprocess.CompletedProcess([], code, "", "")
    # without the holder's process and hour, which are others every time
    said = _last_line(seconds[0].stderr, home).split(": {")[0]
    trial = _judged(bench, home, reader, done, said, "nothing")
    refused = [one for one in seconds if one.returncode == 1 and "another run holds" in one.stderr]
    return Trial(trial.said, trial.then, (*trial.wrong, *["a second run began"] * (len(refused) != 2)))


def _refused_then(
    bench: Bench, home: Home, words: list[str], expected: str, mend: Callable[[], object], after: list[str], then: str
) -> Trial:
    """Give a command that is refused with certain words, mend what they name, and give the next."""
    with reading(home) as reader:
        refused = run(*words)
        before = read_whole(home.published, set())
        mend()
        done = run(*after)
    trial = _judged(bench, home, reader, done, _last_line(refused.stderr, home), then)
    wrong = [f"was not refused: {refused.stderr[-300:]}"] * (refused.returncode == 0 or expected not in refused.stderr)
    return Trial(trial.said, trial.then, (*wrong, *before, *trial.wrong))


@contextmanager
def mounted(where: Path, *how: str) -> Generator[Path]:
    """Mount something on a folder while the block runs; NotTriedError where that is not allowed."""
    where.mkdir(exist_ok=True)
    outcome = subprocess.run(["mount", *how, str(where)], capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise NotTriedError(f"needs the right to mount: {outcome.stderr.strip()}")
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


def disk_full(bench: Bench, folder: Path) -> Trial:
    """Let a night run into the end of its disk, make room, give the command again."""
    size = sum(path.stat().st_size for path in bench.base.root.rglob("*") if path.is_file())
    with mounted(folder / "disk", "-t", "tmpfs", "-o", f"size={size + (12 << 20)}", "tmpfs") as disk:
        home = copied(bench.base, disk / "home")
        room = partial(subprocess.run, ["mount", "-o", "remount,size=2g", str(disk)], check=True)
        return _refused_then(bench, home, bench.night(home), "disk is full", room, bench.night(home), "room, the same command")


def read_only(bench: Bench, folder: Path) -> Trial:
    """Give a home that may not be written, then one that may."""
    home = copied(bench.base, folder / "home")
    with mounted(home.root, "--bind", "-o", "ro", str(home.root)):
        words = bench.night(home)
        allow = partial(subprocess.run, ["mount", "-o", "remount,bind,rw", str(home.root)], check=True)
        return _refused_then(bench, home, words, "must be writable", allow, words, "the right to write, the same command")


def clock_back(bench: Bench, folder: Path) -> Trial:
    """Run the night under a clock that stands in 2019, behind every date of the home."""
    home = copied(bench.base, folder / "home")
    with reading(home) as reader:
        command = [sys.executable, "-c", IN_2019, *bench.night(home)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT_ROOT)
    return _judged(bench, home, reader, done, "nothing", "nothing")


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def _spoilt(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for at in range(3 * 4096, len(content), 1 << 16):
        content[at] ^= 0xFF
    path.write_bytes(content)


def warehouse_damaged(bench: Bench, folder: Path, *, damage: Callable[[Path], None]) -> Trial:
    """Damage the working warehouse after both nights, be refused, recover."""
    home = copied(bench.whole, folder / "home")
    damage(home.warehouse)
    return _refused_then(
        bench, home, bench.night(home), "stillwatch recover", lambda: None, _recover(bench, home), "`stillwatch recover`"
    )


def _recover(bench: Bench, home: Home) -> list[str]:
    return ["recover", "--landing", str(bench.landing), "--home", str(home.root)]


def recovery_killed(bench: Bench, folder: Path) -> Trial:
    """Lose the warehouse, kill the recovery in its middle and at its end, recover."""
    home = copied(bench.whole, folder / "home")
    home.warehouse.unlink()
    wrong: list[str] = []
    with reading(home) as reader:
        for point in (len(bench.points) // 3, bench.points.index("before gate_marts")):
            died = run(str(folder / "note"), str(point), *_recover(bench, home), module=STOPPING)
            wrong += [f"point {point} was not reached: {died.stderr[-300:]}"] * (died.returncode != -signal.SIGKILL)
        done = run(*_recover(bench, home))
    trial = _judged(bench, home, reader, done, "nothing", "`stillwatch recover` again")
    return Trial(trial.said, trial.then, (*wrong, *trial.wrong))


def landing_changed(bench: Bench, folder: Path) -> Trial:
    """Change a delivered file behind the release's back, lose the warehouse, put the file back when it is named."""
    home = copied(bench.whole, folder / "home")
    landing = folder / "landing"
    shutil.copytree(bench.landing, landing)
    (delivered,) = landing.glob(f"usage_requests/arrived_on={NIGHT}/*.parquet")
    sound = delivered.read_bytes()
    pl.read_parquet(delivered).head(10).write_parquet(delivered)
    words = ["recover", "--landing", str(landing), "--home", str(home.root)]
    put_back = partial(delivered.write_bytes, sound)
    return _refused_then(bench, home, words, delivered.name, put_back, words, "the file put back, `stillwatch recover`")


def dbt_state_torn(bench: Bench, folder: Path) -> Trial:
    """Tear what dbt keeps between runs; the night reads the project anew."""
    home = copied(bench.base, folder / "home")
    torn = sorted(home.dbt_target.glob("*.msgpack"))
    for path in torn:
        _truncated(path)
    with reading(home) as reader:
        done = run(*bench.night(home))
    trial = _judged(bench, home, reader, done, "nothing", "nothing")
    return Trial(trial.said, trial.then, (*trial.wrong, *["dbt kept nothing"] * (not torn)))


def release_damaged(bench: Bench, folder: Path) -> Trial:
    """Damage a file of the release before; readers are not moved to it."""
    home = copied(bench.whole, folder / "home")
    older = current_release(bench.base.published).name
    part = next((home.published / older).glob("parquet/scores/*.parquet"))
    sound = part.read_bytes()
    part.unlink()
    part.write_bytes(sound[:-1])
    words = ["rollback", older, "--home", str(home.root)]
    stay = ["releases", "--home", str(home.root)]
    return _refused_then(bench, home, words, "does not hold", lambda: None, stay, "another release chosen")


FAULTS = (
    Fault("two nightlies at once", two_at_once),
    Fault("the disk is full", disk_full),
    Fault("the home may not be written", read_only),
    Fault("the clock stands in 2019", clock_back),
    Fault("the warehouse is cut short", partial(warehouse_damaged, damage=_truncated)),
    Fault("blocks of the warehouse are spoilt", partial(warehouse_damaged, damage=_spoilt)),
    Fault("the warehouse is lost and its recovery killed twice", recovery_killed),
    Fault("a delivered file is changed and the warehouse lost", landing_changed),
    Fault("what dbt keeps between runs is torn", dbt_state_torn),
    Fault("a file of an older release is damaged", release_damaged),
)


def kills(bench: Bench) -> tuple[Fault, ...]:
    """Return one fault per point that the night passed, and one that kills it at every third, one run after the other.

    The last of those is before the release has its name: a night that finds it there has fewer steps left, so that its points
    are others.
    """
    numbers = range(len(bench.points))
    names = [f"kill -9 at point {number + 1}, {bench.points[number]}" for number in numbers]
    singly = [Fault(name, partial(killed, points=(number,))) for number, name in zip(numbers, names, strict=True)]
    thirds = tuple(numbers)[: bench.points.index("renamed, not linked") : 3]
    return (*singly, Fault(f"kill -9 in {len(thirds)} runs, one after the other", partial(killed, points=thirds)))
