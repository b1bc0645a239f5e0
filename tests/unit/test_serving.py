"""The web server listens to this machine alone unless somebody says otherwise, and is told to report to nobody."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import cli
from orchestration.serving import LOOPBACK, ServingError, is_loopback, server_command, server_environment
from orchestration.settings import Home


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.4", "", "warehouse.example", "127.0.0.1.example.org"])
def test_an_address_that_others_reach_is_refused(host: str) -> None:
    with pytest.raises(ServingError, match="must listen on"):
        server_command(host, 3000, open_to_network=False)
    assert host in server_command(host, 3000, open_to_network=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_this_machine_is_not(host: str) -> None:
    assert is_loopback(host)
    assert ["--host", host] == server_command(host, 3000, open_to_network=False)[3:5]


def test_the_command_line_listens_on_loopback_without_being_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda _, command, environment: started.append((command, environment)))
    assert CliRunner().invoke(cli, ["serve", "--home", str(tmp_path)]).exit_code == 0
    ((command, environment),) = started
    assert command[3:5] == ["--host", LOOPBACK]
    assert environment["STILLWATCH_HOME"] == str(tmp_path)


def test_the_server_is_told_to_report_to_nobody(tmp_path: Path) -> None:
    environment = server_environment(Home(root=tmp_path), tmp_path / "landing")
    assert environment["DAGSTER_DISABLE_TELEMETRY"] == "true"
    assert "enabled: false" in (tmp_path / "dagster" / "dagster.yaml").read_text(encoding="utf-8")
