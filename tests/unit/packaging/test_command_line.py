"""The commands about packages: what they print and the exit codes they leave with."""

import json
from pathlib import Path

import pytest

from orchestration.cli import cli
from orchestration.exits import run_command
from orchestration.packaging.building import Built
from simulator.answering import demonstrate

from .conftest import changed
from .releases import CASE, EVIDENCE, case, write_home


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


def test_the_strongest_case_becomes_a_package_that_one_byte_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `make demo` does, by the same commands."""
    evidence, record = changed(None)
    record["cases"] = [
        case(case_id="case_0", strength_grade=None, account_count=900),
        *record["cases"],
        case(case_id="case_2", strength_grade="C", strength_score=4.0),
    ]
    write_home(tmp_path / "home", evidence, record)
    home = ("--home", tmp_path / "home")
    assert _run(monkeypatch, "cases", *home, "--ids") == 0
    assert capsys.readouterr().out.splitlines() == [CASE, "case_2", "case_0"]
    assert _run(monkeypatch, "cases", *home, "--limit", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["strength_grade"] == "B"
    template, answers = tmp_path / "questions.yml", tmp_path / "answers.yml"
    assert _run(monkeypatch, "package", CASE, "--template", template, *home) == 0
    answers.write_text(demonstrate(template.read_text(encoding="utf-8")), encoding="utf-8")
    capsys.readouterr()
    assert _run(monkeypatch, "package", CASE, "--answers", answers, *home, "--json") == 0
    package = Path(json.loads(capsys.readouterr().out)["folder"])
    finding = (package / "content" / "finding.md").read_text(encoding="utf-8")
    assert "Answered by nobody: a demonstration on simulated data on 2026-04-08." in finding
    assert "Nobody looked into this" in finding
    assert _run(monkeypatch, "verify", package) == 0
    assert _run(monkeypatch, "rebuild", package) == 0
    assert "Identical" in capsys.readouterr().out
    for name in ("finding.md", "rows/scores.parquet", "exports/stix.json"):
        path = package / "content" / name
        original = path.read_bytes()
        path.write_bytes(bytes([original[0] ^ 1]) + original[1:])
        assert _run(monkeypatch, "verify", package) == 1
        assert f"{name} was changed" in capsys.readouterr().err
        assert _run(monkeypatch, "rebuild", package) == 2
        path.write_bytes(original)
    assert _run(monkeypatch, "verify", package) == 0


def test_indicators_are_shared_by_command(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key, out = tmp_path / "harbor.json", tmp_path / "bundle.json"
    assert _run(monkeypatch, "new-exchange-key", key, "--partner", "harbor") == 0
    given = ("--partner", "harbor", "--exchange-key", key, "--out", out, "--why", "referral 9")
    assert _run(monkeypatch, "share", built.folder, *given) == 2
    assert "unsigned draft" in capsys.readouterr().err
    assert _run(monkeypatch, "new-key", tmp_path / "key.pem") == 0
    assert _run(monkeypatch, "sign", built.folder, "--key", tmp_path / "key.pem", "--why", "read") == 0
    capsys.readouterr()
    assert _run(monkeypatch, "share", built.folder, *given, "--json") == 0
    assert json.loads(capsys.readouterr().out)["indicator_count"] == 2
    assert out.exists()
    assert _run(monkeypatch, "share", built.folder, "--partner", "meridian", *given[2:]) == 2


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
