"""dbt's own tests, every one of them: unit tests on the warehouse of a night, and data tests on its rows."""

from pathlib import Path

from orchestration.night.running import run_nights
from orchestration.settings import Home
from orchestration.warehouse import transform

from .conftest import START


def test_every_dbt_test_passes(landing: Path, tmp_path: Path) -> None:
    home = Home(root=tmp_path)
    run_nights(home, landing, START, START)
    dates = (START, START, START)
    executed = transform.run_dbt(home, ["test", "--select", "test_type:data"], dates)
    assert len(executed) > 80
    assert {status for _, status, _ in executed} == {"pass"}
    # unit tests bring their own dates
    unit = transform.run_dbt(home, ["test", "--select", "test_type:unit"], None)
    assert len(unit) > 100
    assert {status for _, status, _ in unit} == {"pass"}
