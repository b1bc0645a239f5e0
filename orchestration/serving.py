"""The web server: where it listens, and that it tells nobody.

Belongs here: the command that starts Dagster's web server on a home. Its pages need no login, so it listens to this machine alone
unless somebody says otherwise.
"""

import ipaddress
import os
import shutil
import sys
from pathlib import Path

from orchestration.settings import PROJECT_ROOT, Home
from orchestration.silence import quiet_environment

LOOPBACK = "127.0.0.1"


class ServingError(ValueError):
    """An address the web server may not listen on as given."""


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches a host's address; a name other than `localhost` does not count as such."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def server_command(host: str, port: int, *, open_to_network: bool) -> list[str]:
    """Return the command of the web server; ServingError for an address others reach without `open_to_network`."""
    if not is_loopback(host) and not open_to_network:
        raise ServingError(
            f"the web server has no login and must listen on {LOOPBACK}; given {host}: put a proxy with a login before "
            "it, or say --open-to-network"
        )
    server = Path(sys.executable).with_name("dagster-webserver")
    return [str(server), "-m", "orchestration.definitions", "--host", host, "--port", str(port)]


def server_environment(home: Home, landing: Path) -> dict[str, str]:
    """Return the environment the web server runs in: the home, its landing folder, and no telemetry."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PROJECT_ROOT / "dagster.yaml", home.dagster / "dagster.yaml")
    return {
        **os.environ,
        **quiet_environment(),
        "DAGSTER_HOME": str(home.dagster),
        "STILLWATCH_HOME": str(home.root),
        "STILLWATCH_LANDING": str(landing),
    }
