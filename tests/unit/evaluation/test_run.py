import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.catalogue.measurements import read_measurements
from orchestration.cli import cli
from orchestration.evaluation.results import WorldResult
from orchestration.evaluation.run import EvaluationError, EvaluationSettings, Progress
from orchestration.evaluation.run import evaluate as evaluate_worlds
from orchestration.evaluation.worlds import WorldPlan
from tests.unit.evaluation.test_table import GOOD, world


class Worlds:
    """Stands in for making a world: notes which were made, and fails where it is told to."""

    def __init__(self, *failing: int) -> None:
        self.made: list[int] = []
        self._failing = failing

    def __call__(self, plan: WorldPlan, home: Path, progress: Progress) -> WorldResult:
        self.made.append(plan.number)
        home.mkdir(parents=True)
        (home / "large").write_text("x")
        if plan.number in self._failing:
            raise RuntimeError("out of memory")
        return world(plan.number, (GOOD,), plan=plan)


def settings(out: Path, *numbers: int, **changes: object) -> EvaluationSettings:
    return EvaluationSettings.model_validate({"out": out, "numbers": numbers} | changes)


def quiet(_line: str) -> None: ...


def test_a_world_whose_result_exists_is_not_made_again(tmp_path: Path) -> None:
    first, second = Worlds(), Worlds()
    one = evaluate_worlds(settings(tmp_path, 1, 2), quiet, first)
    two = evaluate_worlds(settings(tmp_path, 1, 2, 3), quiet, second)
    assert (first.made, second.made) == ([1, 2], [3])
    assert two[:2] == one
    assert [result.plan.number for result in two] == [1, 2, 3]


def test_a_result_of_another_plan_or_cut_short_is_made_again(tmp_path: Path) -> None:
    evaluate_worlds(settings(tmp_path, 1, 2), quiet, Worlds())
    whole = (tmp_path / "report-1.json").read_text(encoding="utf-8")
    seed = f'"seed": {world(1, ()).plan.seed}'
    assert seed in whole
    (tmp_path / "report-1.json").write_text(whole.replace(seed, '"seed": 5'), encoding="utf-8")
    (tmp_path / "report-2.json").write_text(whole[:200], encoding="utf-8")
    again = Worlds()
    evaluate_worlds(settings(tmp_path, 1, 2), quiet, again)
    assert again.made == [1, 2]


def test_a_result_of_an_older_version_is_computed_anew_and_said_to_be(tmp_path: Path) -> None:
    evaluate_worlds(settings(tmp_path, 1), quiet, Worlds())
    path = tmp_path / "report-1.json"
    older = json.loads(path.read_text(encoding="utf-8"))
    del older["result_version"], older["signals"], older["contracts"]
    path.write_text(json.dumps(older), encoding="utf-8")
    said: list[str] = []
    again = Worlds()
    (found,) = evaluate_worlds(settings(tmp_path, 1), said.append, again)
    assert again.made == [1]
    assert f"report-1: {path} is a result of version 1, this code writes 2: computing it anew" in said
    assert found.signals


def test_a_failed_world_costs_no_other_and_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"1 of 3 did not \(report-2: out of memory\)"):
        evaluate_worlds(settings(tmp_path, 1, 2, 3), quiet, Worlds(2))
    again = Worlds()
    assert len(evaluate_worlds(settings(tmp_path, 1, 2, 3), quiet, again)) == 3
    assert again.made == [2]


def test_homes_are_deleted_unless_kept(tmp_path: Path) -> None:
    evaluate_worlds(settings(tmp_path, 1), quiet, Worlds())
    assert not (tmp_path / "home-report-1").exists()
    evaluate_worlds(settings(tmp_path, 2, keep=True), quiet, Worlds())
    assert (tmp_path / "home-report-2").exists()


def test_the_command_refuses_worlds_that_no_set_has_and_prints_what_is_on_disk(tmp_path: Path) -> None:
    refused = CliRunner().invoke(cli, ["evaluate", "--out", str(tmp_path), "--worlds", "9-11"])
    assert refused.exit_code == 2
    assert "worlds 1 to 10" in refused.output
    evaluate_worlds(settings(tmp_path, 1), quiet, Worlds())
    page, plain = tmp_path / "docs" / "page.md", CliRunner()
    figures = tmp_path / "docs" / "signals.csv"
    told = plain.invoke(
        cli,
        ["evaluate", "--out", str(tmp_path), "--worlds", "1", "--docs", str(page), "--signals", str(figures), "--json"],
    )
    assert told.exit_code == 0
    assert json.loads(told.stdout)[0]["plan"]["number"] == 1
    assert "# Reliability" in page.read_text(encoding="utf-8")
    assert set(read_measurements(figures)) == {"sig_one", "sig_quiet", "sig_soothing"}
