"""One home for reading and its forms, made once."""

from pathlib import Path

import pytest

from orchestration.publishing.releases import current_release
from orchestration.reviewing.asking import forms
from orchestration.reviewing.form import write_form

from .release import write_home


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def exported(published: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The forms of the release by lead id; to be read, never written over."""
    folder = tmp_path_factory.mktemp("exported")
    return {form.lead_id: write_form(form, folder) for form in forms(current_release(published))}
