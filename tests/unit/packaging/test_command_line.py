"""The commands about packages: what they print and the exit codes they leave with."""

import json
from pathlib import Path

import pytest

from orchestration.cli import cli
from orchestration.exits import run_command
from orchestration.packaging.building import Built

from .releases import CASE, EVIDENCE


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["stillwatch", *map(str, arguments)])
    try:
        run_command(cli)
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def test_from_questions_to_a_signed_package(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", tmp_path / "home")
    template = tmp_path / "template.yml"
    assert _run(monkeypatch, "package", CASE, "--template", template, *home) == 0
    assert EVIDENCE in capsys.readouterr().out
    assert _run(monkeypatch, "package", CASE, "--template", template, *home) == 2
    assert _run(monkeypatch, "package", CASE, "--answers", template, *home) == 2
    assert "lookalike/classroom: Could this be a class?" in capsys.readouterr().err
    assert _run(monkeypatch, "package", CASE, "--answers", tmp_path / "answers.yml", *home, "--json") == 0
    assert json.loads(capsys.readouterr().out)["is_new"] is False
    assert _run(monkeypatch, "new-key", tmp_path / "key.pem") == 0
    assert _run(monkeypatch, "sign", built.folder, "--key", tmp_path / "key.pem", "--why", "read") == 0
    assert _run(monkeypatch, "sign", built.folder, "--key", tmp_path / "key.pem", "--why", "again") == 2
    capsys.readouterr()
    assert _run(monkeypatch, "verify", built.folder, "--public-key", built.folder / "public_key.pem", "--json") == 0
    assert json.loads(capsys.readouterr().out)["is_key_trusted"] is True
    assert _run(monkeypatch, "rebuild", built.folder) == 0
    assert _run(monkeypatch, "custody", built.folder, "--add", "handed over", "--why", "a matter", "--by", "legal") == 0
    capsys.readouterr()
    assert _run(monkeypatch, "custody", built.folder, "--json") == 0
    assert [e["what"].split(" ")[0] for e in json.loads(capsys.readouterr().out)["entries"]] == ["built", "signed", "handed"]


def test_what_does_not_hold_leaves_with_1_and_is_not_signed(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (built.folder / "content" / "rows" / "cases.csv").write_text("case_id\n", encoding="utf-8")
    assert _run(monkeypatch, "verify", built.folder) == 1
    assert "rows/cases.csv was changed" in capsys.readouterr().err
    _run(monkeypatch, "new-key", tmp_path / "key.pem")
    assert _run(monkeypatch, "sign", built.folder, "--key", tmp_path / "key.pem", "--why", "read") == 2
    assert not (built.folder / "signature.bin").exists()
    assert _run(monkeypatch, "rebuild", built.folder) == 2


def test_usage(built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = ("--home", tmp_path / "home")
    assert _run(monkeypatch, "package", CASE, *home) == 2
    assert _run(monkeypatch, "package", "case_9", "--answers", tmp_path / "answers.yml", *home) == 2
    assert _run(monkeypatch, "custody", built.folder, "--add", "something") == 2
    assert _run(monkeypatch, "verify", tmp_path / "home") == 2
