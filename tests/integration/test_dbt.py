"""dbt's own tests, every one of them: unit tests on the warehouse of a night, and data tests on its rows."""

from pathlib import Path

from orchestration.warehouse import transform

from .conftest import SHARES_NIGHTS, START, Nights, whole_copy

pytestmark = SHARES_NIGHTS


def test_every_dbt_test_passes(three_nights: Nights, tmp_path: Path) -> None:
    home = whole_copy(three_nights.after_first, tmp_path / "home")
    dates = (START, START, START)
    executed = transform.run_dbt(home, ["test", "--select", "test_type:data"], dates)
    assert len(executed) > 80
    assert {node.status for node in executed} == {"pass"}
    # unit tests bring their own dates
    unit = transform.run_dbt(home, ["test", "--select", "test_type:unit"], None)
    assert len(unit) > 100
    assert {node.status for node in unit} == {"pass"}
