"""A real Spark cluster on this machine: a master, two workers with executors of their own, and a Thrift server.

Belongs here: starting and ending its processes, from the pyspark package and the Java on the path. The settings that the product
needs stand in `docs/scale.md`; those here beyond them keep it small.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.spark.settings import REQUIRED

STARTS_WITHIN = 120.0
_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"
_THRIFT = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"


@dataclass
class Cluster:
    """A running cluster: where its master and its Thrift server listen, its folder, and its processes by name."""

    master_port: int
    port: int
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which a night finds it."""
        return {"STILLWATCH_TARGET": "spark", "STILLWATCH_SPARK_HOST": "localhost", "STILLWATCH_SPARK_PORT": str(self.port)}

    def kill(self, name: str) -> None:
        """Kill a process and those that it began, without warning."""
        # one that ended by itself is gone
        with suppress(ProcessLookupError):
            os.killpg(self.processes.pop(name).pid, signal.SIGKILL)

    def start_server(self) -> None:
        """Start the Thrift server, whose driver asks the master for executors, and wait until it listens."""
        settings = [text for name, value in _settings(self.folder, self.port).items() for text in ("--conf", f"{name}={value}")]
        submit = [str(spark_home() / "bin" / "spark-submit"), "--class", _THRIFT, "--master", self.master]
        _start(self, "thrift", [*submit, "--driver-memory", "1500m", *settings, "spark-internal"])
        _wait(self, "thrift", "ThriftBinaryCLIService on port", self.port)

    @property
    def master(self) -> str:
        """The master's address."""
        return f"spark://localhost:{self.master_port}"

    def log(self, name: str) -> str:
        """Return what a process wrote."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")


def spark_home() -> Path:
    """Return the folder of the pyspark package."""
    found = importlib.util.find_spec("pyspark")
    assert found and found.origin, "pyspark is in the dependency group `spark`"
    return Path(found.origin).parent


def iceberg_jar() -> Path:
    """Return Iceberg's runtime for Spark, from the package that carries it."""
    found = importlib.util.find_spec("snowpark_connect_deps_iceberg")
    assert found and found.origin, "snowpark-connect-deps-iceberg is in the dependency group `spark`"
    return next(Path(found.origin).parent.rglob("iceberg-spark-runtime-3.5*.jar"))


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Generator[Cluster]:
    """Start a cluster whose tables and logs lie in a folder; end it with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    started = Cluster(master_port=_free_port(), port=_free_port(), folder=folder)
    command = [str(spark_home() / "bin" / "spark-class")]
    try:
        listens = ["--host", "localhost", "--port", str(started.master_port), "--webui-port", "0"]
        _start(started, "master", [*command, _MASTER, *listens])
        _wait(started, "master", "I have been elected leader")
        for name in (names := [f"worker{number}" for number in range(workers)]):
            small = ["--host", "localhost", "--cores", "1", "--memory", "1500m", "--webui-port", "0"]
            _start(started, name, [*command, _WORKER, started.master, *small, "--work-dir", str(folder / name)])
        for name in names:
            _wait(started, name, "Successfully registered with master")
        started.start_server()
        yield started
    finally:
        for name in list(started.processes):
            started.kill(name)


def _settings(folder: Path, port: int) -> dict[str, str]:
    jar = iceberg_jar()
    return {
        "spark.driver.extraClassPath": str(jar),
        "spark.executor.extraClassPath": str(jar),
        "spark.sql.catalog.spark_catalog": "org.apache.iceberg.spark.SparkSessionCatalog",
        "spark.sql.catalog.spark_catalog.type": "hadoop",
        "spark.sql.catalog.spark_catalog.warehouse": str(folder / "tables"),
        "spark.sql.warehouse.dir": str(folder / "tables"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={folder / 'metastore'};create=true",
        "spark.hadoop.hive.server2.thrift.port": str(port),
        "spark.hadoop.hive.server2.thrift.bind.host": "localhost",
        **REQUIRED,
        "spark.driver.host": "localhost",
        "spark.driver.bindAddress": "127.0.0.1",
        # small: two cores, and nights of a few thousand rows
        "spark.executor.memory": "1g",
        "spark.executor.cores": "1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.ui.retainedExecutions": "20",
        "spark.ui.enabled": "false",
    }


def _start(started: Cluster, name: str, command: list[str]) -> None:
    log = started.folder / f"{name}.log"
    environment = {
        **os.environ,
        "SPARK_HOME": str(spark_home()),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "localhost",
        "SPARK_NO_DAEMONIZE": "1",
    }
    assert shutil.which("java"), "Spark needs Java 17: install openjdk-17-jre-headless"
    with log.open("wb") as out:
        started.processes[name] = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, cwd=started.folder, env=environment, start_new_session=True
        )


def _wait(started: Cluster, name: str, says: str, port: int | None = None) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert started.processes[name].poll() is None, f"{name} ended:\n{started.log(name)[-3000:]}"
        if says in started.log(name) and (port is None or _listens(port)):
            return
        time.sleep(0.2)
    raise AssertionError(f"{name} did not say {says!r} within {STARTS_WITHIN:.0f} s:\n{started.log(name)[-3000:]}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])
