import ast
import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

import simulator
from orchestration.contract import landing_contract
from simulator import CampaignSettings, SimulatorSettings, simulate
from simulator.profiles import LOOKALIKES
from simulator.world import build_world
from tests.unit.simulator.conftest import START, Settings, files, read, truth

ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
}


def test_same_settings_give_the_same_bytes_and_another_seed_does_not(settings: Settings) -> None:
    first, again, other = settings("a", days=2), settings("b", days=2), settings("c", days=2, seed=8)
    for each in (first, again, other):
        simulate(each)
    assert files(first.out) == files(again.out)
    assert files(first.truth) == files(again.truth)
    assert files(first.out).keys() == files(other.out).keys()
    assert files(first.out) != files(other.out)


def test_days_may_be_written_in_any_order(settings: Settings) -> None:
    whole = settings("whole", days=4)
    simulate(whole)
    parts = settings("parts", days=1)
    for offset in (0, 3, 1, 2):
        simulate(parts.model_copy(update={"start": START + timedelta(days=offset)}))
    assert files(parts.out) == files(whole.out)


def test_newcomers_of_later_months_leave_earlier_accounts_untouched(settings: Settings) -> None:
    whole = settings("whole", days=1)
    simulate(whole)
    before = pl.read_parquet(whole.truth / "accounts.parquet")
    simulate(whole.model_copy(update={"start": START + timedelta(days=30)}))
    after = pl.read_parquet(whole.truth / "accounts.parquet")
    assert after.height > before.height
    assert after.head(before.height).equals(before)


def test_schemas_are_those_of_the_contract(world: Path) -> None:
    contract = landing_contract()
    assert {path.name for path in (world / "landing").iterdir()} == set(contract.tables)
    for name, table in contract.tables.items():
        days = sorted((world / "landing" / name).iterdir())
        assert [day.name for day in days] == [f"arrived_on={START + timedelta(days=n)}" for n in range(6)]
        for path in (world / "landing" / name).rglob("*.parquet"):
            written = pq.read_schema(path)
            wanted = [(column.name, ARROW[column.type]) for column in table.columns if column.name != "location_cell"]
            assert list(zip(written.names, written.types, strict=True)) == wanted


def test_values_keep_the_contract(world: Path) -> None:
    for name, table in landing_contract().tables.items():
        frame = read(world, name)
        for column in table.columns:
            if column.name not in frame.columns:
                continue
            values = frame[column.name]
            assert not (column.required and values.null_count()), (name, column.name)
            if column.vocabulary is not None:
                assert set(values.drop_nulls()) <= set(column.vocabulary), (name, column.name)
            if column.minimum is not None and values.drop_nulls().len():
                assert float(str(values.min())) >= column.minimum, (name, column.name)
            if column.maximum is not None and values.drop_nulls().len():
                assert float(str(values.max())) <= column.maximum, (name, column.name)


def test_truth_stays_outside_the_landing_folder(world: Path, settings: Settings) -> None:
    words = {"role", "operator_id", "campaign_id"}
    landed = {
        name
        for path in (world / "landing").rglob("*.parquet")
        if "review" not in str(path)
        for name in pq.read_schema(path).names
    }
    assert not landed & words
    with pytest.raises(ValidationError, match="outside the landing folder"):
        settings("inside", truth=settings("inside").out / "truth")


def test_another_world_in_the_truth_folder_is_refused(settings: Settings) -> None:
    one = settings("one", days=1)
    simulate(one)
    with pytest.raises(ValueError, match=r"fixes another world.*accounts"):
        simulate(settings("one", days=1, accounts=400))
    with pytest.raises(ValueError, match="starts on 2026-09-01"):
        simulate(one.model_copy(update={"start": date(2026, 8, 1)}))


def test_campaigns_that_would_be_most_of_the_traffic_are_refused(settings: Settings) -> None:
    with pytest.raises(ValidationError, match="at most 70%"):
        settings("big", campaigns=(CampaignSettings(share=0.3, requests_per_account_day=500),))


def test_every_role_and_look_alike_is_there(world: Path) -> None:
    accounts = truth(world)
    assert set(accounts["lookalike_id"].drop_nulls()) == {profile.lookalike_id for profile in LOOKALIKES}
    assert set(accounts["role"]) >= {
        "ordinary", "distiller_direct", "distiller_via_proxy", "log_harvesting_reseller", "reseller", "trial_farmer",
        "stolen_key_victim", "authorised_aggregator", "authorised_synthetic_data", "contract_breach",
    }  # fmt: skip
    assert accounts["account_id"].is_unique().all()
    assert set(accounts.filter(pl.col("campaign_id").is_not_null())["role"]) == {
        "distiller_direct",
        "distiller_via_proxy",
    }


def test_the_simulator_imports_nothing_of_the_warehouse() -> None:
    for path in Path(simulator.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom | ast.Import):
                module = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
                assert module.split(".")[0] not in {"orchestration", "models", "expectations", "dagster"}, path.name


def test_defaults_are_three_differing_campaigns() -> None:
    campaigns = SimulatorSettings(out=Path("a"), truth=Path("b"), start=START, days=1).campaigns
    assert len(set(campaigns)) == 3


def test_a_world_made_before_a_setting_existed_has_its_default(settings: Settings) -> None:
    one = settings("one", days=1)
    simulate(one)
    path = one.truth / "world.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    del stored["settings"]["lookalike_factor"]
    for campaign in stored["settings"]["campaigns"]:
        del campaign["identity_share"]
    path.write_text(json.dumps(stored), encoding="utf-8")
    simulate(one)
    with pytest.raises(ValueError, match=r"fixes another world.*lookalike_factor"):
        simulate(settings("one", days=1, lookalike_factor=2.0))


def test_look_alikes_are_multiplied_lifted_or_left_out(settings: Settings) -> None:
    def sizes(**changes: object) -> dict[str, int]:
        chosen = settings("sizes", accounts=2000, requests=40_000, **changes)
        world = build_world(chosen, START)
        names = [name for name in world.base[0].who["lookalike_id"].tolist() if name is not None]
        assert sum(block.size for block in world.base) == pytest.approx(2000, abs=5)
        return {name: names.count(name) for name in names}

    usual, more, least = sizes(), sizes(lookalike_factor=3.0), sizes(lookalike_least=25)
    assert more["privacy_vpn"] == 3 * usual["privacy_vpn"]
    assert more["contracted_reseller"] == 3 * usual["contracted_reseller"]
    assert least == {name: max(size, 25) for name, size in usual.items()}
    assert sizes(lookalike_factor=0.0) == {}
