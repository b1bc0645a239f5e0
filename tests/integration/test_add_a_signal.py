"""docs/add-a-signal.md, followed in a copy of the project: its signal passes, and fails once its quiet case fires."""

import csv
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT, Home
from tests.pages import commands_of, run

from .conftest import SHARES_ENFORCEMENT

pytestmark = [SHARES_ENFORCEMENT, pytest.mark.slow]

PAGE = "docs/add-a-signal.md"
SIGNAL = "sig_templated_extraction_uncached_context"
MAKE = 'make() { command make -o env-dev "$@"; }; export -f make\n'
"""What `make docs` writes, without its making the environment, which is that of these tests already."""


def written(ending: str) -> tuple[Path, str]:
    """Return the block of the page that begins a file with this ending, and that file: the last one named before it."""
    text = (PROJECT_ROOT / PAGE).read_text(encoding="utf-8")
    tag = {"yml": "yaml"}.get(ending, ending)
    [(path, block)] = re.findall(rf"`([\w/]+\.{ending})`[^`]*\n```{tag}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return Path(path), block


def raise_rule_set(project: Path) -> None:
    """Raise `ruleset_version` on each row of the priors."""
    path = project / "seeds/signals/score_priors.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"ruleset_version": int(row["ruleset_version"]) + 1} for row in rows)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with the page's three blocks in their places, as its steps 3 and 4 say."""
    project = tmp_path / "project"
    project.mkdir()
    for path in PROJECT_ROOT.iterdir():
        if path.name in {"Makefile", "dbt_project.yml", "profiles.yml", "pyproject.toml"}:
            shutil.copy(path, project)
        elif path.name in {"models", "macros", "seeds", "analyses", "tests", "orchestration", "expectations", "docs"}:
            shutil.copytree(path, project / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.name in {".venv", "simulator"}:
            (project / path.name).symlink_to(path)
    for ending in ("sql", "yml"):
        path, text = written(ending)
        (project / path).write_text(text, encoding="utf-8")
    path, row = written("csv")
    head, *rows = (project / path).read_text(encoding="utf-8").splitlines(keepends=True)
    (project / path).write_text(head + "".join(sorted([*rows, row], key=lambda line: line.split(",")[0])), encoding="utf-8")
    raise_rule_set(project)
    return project


def test_the_pages_signal_passes_and_fails_once_its_quiet_case_fires(project: Path, enforced: Home, tmp_path: Path) -> None:
    told = {
        "HOME": str(tmp_path),
        "STILLWATCH_HOME": str(enforced.root),
        "PYTHONPATH": str(project),
        "STILLWATCH_PARSED": str(project / "var" / "parsed"),
    }
    [check] = commands_of(PAGE)
    run([check], project, told, before=MAKE)
    signals = (project / "docs/reference/signals.md").read_text(encoding="utf-8")
    assert f"`{SIGNAL}` v1" in signals
    assert f"{SIGNAL},1,shadow," in (project / "seeds/signals/signal_lock.csv").read_text(encoding="utf-8")

    # the quiet case's single fact is taken out of the signal
    path, text = written("sql")
    assert "counts_if" in text
    (project / path).write_text(re.sub(r'counts_if="[^"]*"', 'counts_if="true"', text), encoding="utf-8")
    *_, build = check.text.splitlines(keepends=True)
    with pytest.raises(AssertionError, match=f"{SIGNAL}_quiet"):
        run([replace(check, text=build)], project, told)

    # and a threshold above its own firing case is seen without dbt
    settings, row = written("csv")
    text = (project / settings).read_text(encoding="utf-8")
    (project / settings).write_text(text.replace(row, row.replace(",50,3,", ",50,6,")), encoding="utf-8")
    with pytest.raises(AssertionError, match="test_it_fires_and_its_lookalike_stays_quiet_by_a_single_fact"):
        run([replace(check, text=check.text.splitlines(keepends=True)[1])], project, told)
