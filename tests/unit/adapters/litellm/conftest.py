"""An empty LiteLLM database on the tests' own server."""

import pytest

from tests.postgres import Postgres

from .installation import Installation


@pytest.fixture
def empty(database: Postgres) -> Installation:
    return Installation(psql=database.psql, socket=database.socket, name=database.name)
