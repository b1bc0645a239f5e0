"""A cluster for the session, and a provider whose reviewers and staff act on what is found."""

from collections.abc import Iterator

import pytest

from tests.spark.cluster import Cluster, cluster


@pytest.fixture(scope="session")
def spark_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master, two workers and a Thrift server."""
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started
