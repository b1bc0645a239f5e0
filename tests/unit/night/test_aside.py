"""The process beside the night answers, raises and ends as its parent needs."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path

import pytest

from expectations.runner import Delivery, GateSettings, History, validate_marts, validate_sources
from orchestration.night.aside import HERE, aside

pytestmark = pytest.mark.slow
NIGHT = date(2026, 3, 1)
PARENT = """
import os, sys, time
from orchestration.night.aside import aside
if __name__ == "__main__":
    with aside() as gates:
        print(gates.submit(os.getpid).result(), flush=True)
        gates.submit(time.sleep, 600)
        time.sleep(600)
"""


def _answers(gates: Executor, folder: Path) -> None:
    nothing = Delivery(files={}, first_night=NIGHT, last_night=NIGHT)
    report = gates.submit(validate_sources, nothing, GateSettings(), History()).result()
    assert report == validate_sources(nothing, GateSettings(), History())
    with pytest.raises(FileNotFoundError, match="build it first"):
        gates.submit(validate_marts, folder / "none.duckdb", NIGHT, GateSettings()).result()


def test_here_answers_as_the_gates_do(tmp_path: Path) -> None:
    """A report and an error come as from the call itself."""
    _answers(HERE, tmp_path)


def test_aside_answers_as_the_gates_do_and_says_when_it_was_killed(tmp_path: Path) -> None:
    """A report and an error come across; after the process died an answer is an error and not a pass."""
    with aside() as gates:
        assert gates.submit(os.getpid).result() != os.getpid()
        _answers(gates, tmp_path)
        with pytest.raises(BrokenProcessPool, match="terminated abruptly"):
            gates.submit(os.kill, gates.submit(os.getpid).result(), signal.SIGKILL).result()


def test_aside_is_not_waited_for_after_an_error() -> None:
    """An interrupted night ends at once, however long its gate would still judge."""
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), aside() as gates:
        gates.submit(time.sleep, 600)
        raise KeyboardInterrupt
    assert time.monotonic() - began < 300


def test_aside_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Nothing is left to hold the warehouse against the next run, though it was busy."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 30
    while _is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_running(pid)


def _is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
