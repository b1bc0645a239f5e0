"""One small simulated provider for the integration tests, and homes that ran on it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from simulator import SimulatorSettings, simulate
from tests.postgres import database, server

__all__ = ["database", "server"]

START = date(2026, 3, 1)


@pytest.fixture(scope="session")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven days of a provider with 400 accounts and 4,000 requests a day."""
    root = tmp_path_factory.mktemp("provider")
    simulate(SimulatorSettings(out=root / "landing", truth=root / "truth", start=START, days=7, accounts=400, requests=4000))
    return root / "landing"


def stillwatch(*arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would; fail with what it printed when the exit code is another."""
    outcome = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert outcome.returncode == expect, outcome.stdout + outcome.stderr
    return outcome


def run_json(arguments: Sequence[str]) -> dict[str, object]:
    """Run a command with --json and return what it printed."""
    return json.loads(stillwatch(*arguments, "--json").stdout)
