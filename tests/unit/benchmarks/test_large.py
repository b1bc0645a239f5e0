"""What the benchmark of large days says of its nights, and that memory is that of a command with all that it begins."""

import subprocess
import sys

from tests.benchmarks.large import section
from tests.benchmarks.night import Case, Cost, clocked
from tests.benchmarks.resident import resident

_CHILD = (
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'b = bytearray(200_000_000); import time; time.sleep(1.5)'])"
)


def _night(name: str, requests: int, seconds: float, memory: float) -> tuple[Case, Cost]:
    case = Case(name=name, accounts=10, usual=1_000, days=28, requests=requests)
    return case, Cost(wall=seconds, processor=seconds, memory=memory, steps={})


def test_targets_are_held_against_the_usual_night() -> None:
    usual, huge = _night("a usual day", 1_000, 40.0, 2_000), _night("a large day", 3_000, 150.0, 7_000)
    rebuilt = [usual[1].model_copy(update={"wall": 300.0})]
    lines = section(
        usual[0], rebuilt, {"a usual day": usual, "a large day": huge}, dict.fromkeys(("a usual day", "a large day"), "3GB"), "x"
    )
    asked = [line for line in lines if line.count("|") == 5 and ("**no**" in line or "yes" in line)]
    assert [line.split("|")[2].strip() for line in asked] == ["0.13", "3.75", "7000.00"]
    assert [line.rstrip("| ").rpartition("|")[2].strip() for line in asked] == ["yes", "**no**", "**no**"]


def test_memory_of_a_child_counts() -> None:
    cost = clocked([sys.executable, "-c", _CHILD])
    assert cost.memory > 200


def test_what_ended_holds_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    assert resident(process.pid) == 0


def test_a_night_that_was_not_run_is_not_told() -> None:
    usual = _night("a usual day", 1_000, 40.0, 2_000)
    lines = section(usual[0], [], {"a usual day": usual}, {"a usual day": "3GB"}, "x")
    assert not any("a large day" in line for line in lines)
