"""No number depends on the clock: what computes or publishes one never reads it."""

import re
from pathlib import Path

from orchestration.settings import PROJECT_ROOT

READS_THE_CLOCK = re.compile(
    r"\b(current_date|current_timestamp|current_time|get_current_timestamp|today|now)\b\s*\(|\bcurrent_date\b|\bcurrent_timestamp\b"
    r"|\btime\.time\(|\butcnow\("
)
COMPUTING = ("landing", "linking", "scoring", "measurement", "recommending", "publishing", "reporting", "warehouse", "night")
ALLOWED = {Path("orchestration/night/lock.py")}
"""The lock says since when it is held."""


def test_nothing_that_makes_a_number_reads_the_clock() -> None:
    assert READS_THE_CLOCK.search("select current_date")
    assert READS_THE_CLOCK.search("datetime.now(tz=UTC)")
    files = [*(PROJECT_ROOT / "models").rglob("*.sql"), *(PROJECT_ROOT / "macros").rglob("*.sql")]
    for package in COMPUTING:
        files += (PROJECT_ROOT / "orchestration" / package).rglob("*.py")
    assert len(files) > 200
    reading = {path.relative_to(PROJECT_ROOT) for path in files if READS_THE_CLOCK.search(path.read_text(encoding="utf-8"))}
    assert reading == ALLOWED
