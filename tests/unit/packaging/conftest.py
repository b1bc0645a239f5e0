"""A home with two releases, and a package built from it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.packaging.building import Built, build, questions_template
from orchestration.packaging.choosing import Chosen, choose
from orchestration.packaging.facts import Facts, read_facts
from orchestration.packaging.freezing import freeze
from orchestration.packaging.identity import identify

from .releases import CASE, Rows, evidence_rows, record_rows, write_home

Change = Callable[[Rows, Rows], object]


def changed(change: Change | None) -> tuple[Rows, Rows]:
    """Return the rows of the two releases after a change."""
    evidence, record = evidence_rows(), record_rows()
    if change:
        change(evidence, record)
    return evidence, record


def answered(chosen: Chosen, packages: Path, file: Path, **changes: Any) -> Path:
    """Write a file with every question answered."""
    given = yaml.safe_load(questions_template(chosen, packages))
    for entry in given["answers"].values():
        entry |= {"finding": "does_not_hold", "answer": "Checked against the rows: no."}
    given |= {"answered_by": "enforcement lead", "answered_on": "2026-04-08"} | changes
    file.write_text(yaml.safe_dump(given), encoding="utf-8")
    return file


@pytest.fixture
def facts_after(tmp_path: Path) -> Callable[..., Facts]:
    """Return a function that freezes the case after a change and reads its facts."""

    def frozen(change: Change | None = None, **home: Any) -> Facts:
        published = write_home(tmp_path, *changed(change), **home)
        chosen = choose(published, CASE)
        absent = freeze(chosen, tmp_path / "content")
        return read_facts(tmp_path / "content", identify(chosen, absent))

    return frozen


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    """Build the package of the case as it is; return the folder around its home, and the package."""
    root = tmp_path_factory.mktemp("once")
    chosen = choose(write_home(root / "home", *changed(None)), CASE)
    packages = root / "home" / "packages"
    return root, build(chosen, packages, answered(chosen, packages, root / "answers.yml"), "a colleague")


@pytest.fixture
def built(built_once: tuple[Path, Built], tmp_path: Path) -> Built:
    """Return a copy of the package with its home, free to be changed."""
    root, package = built_once
    shutil.copytree(root, tmp_path, symlinks=True, dirs_exist_ok=True)
    return package.model_copy(update={"folder": tmp_path / package.folder.relative_to(root)})
