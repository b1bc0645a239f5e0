"""One small simulated provider for the integration tests, and homes that ran on it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.night.running import run_nights
from orchestration.publishing.manifest import Manifest, read_manifest
from orchestration.publishing.releases import current_release
from orchestration.settings import PROJECT_ROOT, Home
from simulator import SimulatorSettings, simulate
from tests.pages import commands_of, run
from tests.postgres import database, server

__all__ = ["database", "server"]

START = date(2026, 3, 1)
LAST = START + timedelta(days=2)
SHARES_NIGHTS = pytest.mark.xdist_group("nights of the small provider")
"""On a module that asks for `three_nights`: all such modules go to one worker, which runs those nights once."""

FOLLOWED_PAGE = "docs/follow-one-account.md"
SHARES_ENFORCEMENT = pytest.mark.xdist_group("three weeks of enforcement")
"""On a module that asks for `enforced`: all such modules go to one worker, which makes that home once."""


@dataclass(frozen=True)
class Nights:
    """Three nights one by one, the first by the command: each night's manifest, and what the command printed.

    `home` is as the last night left it: only tests that leave its content as it is may use it. `after_first` is a copy made
    after the first night, to be copied again by whoever runs something in it.
    """

    home: Home
    after_first: Home
    manifests: tuple[Manifest, ...]
    printed: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven days of a provider with 400 accounts and 4,000 requests a day."""
    root = tmp_path_factory.mktemp("provider")
    simulate(SimulatorSettings(out=root / "landing", truth=root / "truth", start=START, days=7, accounts=400, requests=4000))
    return root / "landing"


@pytest.fixture(scope="session")
def three_nights(landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """A home that ran three nights one by one, recording their lineage, with later days' files at hand."""
    home = Home(root=tmp_path_factory.mktemp("nights"))
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("STILLWATCH_LINEAGE", "file")
        printed = stillwatch("nightly", "--landing", str(landing), "--home", str(home.root), "--date", str(START))
        manifests = [read_manifest(current_release(home.published))]
        after_first = whole_copy(home, tmp_path_factory.mktemp("first") / "home")
        for day in (START + timedelta(days=1), LAST):
            manifests.append(read_manifest(run_nights(home, landing, day, day).folder))
    return Nights(home, after_first, tuple(manifests), printed)


@pytest.fixture(scope="session")
def enforced(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home that FOLLOWED_PAGE begins with: a week in which campaigns are found, two in which people act and are appealed to.

    Only tests that leave its content as it is may use it.
    """
    reader = tmp_path_factory.mktemp("reader")
    run(commands_of(FOLLOWED_PAGE)[:1], PROJECT_ROOT, {"HOME": str(reader)})
    return Home(root=reader / "followed")


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks as a clone of the repository does, so that what a page writes beside it stays out of this one."""
    folder = tmp_path_factory.mktemp("clone")
    for path in PROJECT_ROOT.iterdir():
        if path.name not in {"target", "logs", "var"}:
            (folder / path.name).symlink_to(path)
    return folder


def whole_copy(home: Home, root: Path) -> Home:
    """Copy a home with all that is in it."""
    shutil.copytree(home.root, root, symlinks=True)
    return Home(root=root)


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
