"""A home, and no settings of the machine the tests run on."""

from pathlib import Path

import pytest

from orchestration.alerting.settings import OperationSettings
from orchestration.settings import Home
from tests.unit.alerting.conftest import receiver

__all__ = ["receiver"]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OperationSettings.model_fields:
        monkeypatch.delenv(f"STILLWATCH_{name.upper()}", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    return Home(root=tmp_path / "home")
