import pytest

from orchestration.catalogue.rule_sets import seed_rows
from orchestration.contract import landing_contract
from orchestration.coverage.landing import judge, signals_in_use
from orchestration.coverage.needs import Need, outlook, parse_needs, render_needs, signal_needs
from orchestration.settings import PROJECT_ROOT

NEEDS = (
    Need(signal_id="sig_a", version=1, table="usage_requests", column="ip_hash", kept_share=0.0),
    Need(signal_id="sig_a", version=1, table="usage_requests", column="asn", kept_share=0.5),
    Need(signal_id="sig_b", version=2, table="billing_charges", column="", kept_share=0.0),
    Need(signal_id="sig_b", version=2, table="billing_charges", column="disputed", kept_share=0.3),
)
USAGE = {"usage_requests": {"ip_hash", "asn"}}


@pytest.mark.parametrize(
    ("given", "states", "missing"),
    [
        (USAGE | {"billing_charges": {"disputed"}}, ["computable", "computable"], [(), ()]),
        (USAGE, ["computable", "not computable"], [(), ("billing_charges",)]),
        (USAGE | {"billing_charges": set()}, ["computable", "partly"], [(), ("billing_charges.disputed",)]),
        (
            {"usage_requests": {"ip_hash"}, "billing_charges": {"disputed"}},
            ["partly", "computable"],
            [("usage_requests.asn",), ()],
        ),
        (
            {"usage_requests": set(), "billing_charges": {"disputed"}},
            ["not computable", "computable"],
            [("usage_requests.ip_hash",), ()],
        ),
    ],
)
def test_a_signal_is_what_its_worst_missing_column_makes_it(
    given: dict[str, set[str]], states: list[str], missing: list[tuple[str, ...]]
) -> None:
    judged = outlook(given, ["sig_a", "sig_b"], NEEDS)
    assert [each.computability for each in judged] == states
    assert [each.missing for each in judged] == missing


def test_measurements_are_read_as_they_were_written() -> None:
    assert parse_needs(render_needs(NEEDS)) == tuple(sorted(NEEDS, key=lambda need: (need.signal_id, need.table, need.column)))


def test_every_measured_need_is_of_a_signal_and_a_column_that_are_there() -> None:
    signals = {row["signal_id"] for row in seed_rows(PROJECT_ROOT, "signal_settings")}
    tables = landing_contract().tables
    for need in signal_needs():
        assert need.signal_id in signals
        assert not need.column or tables[need.table].column(need.column)


def test_most_signals_have_a_measured_need_at_their_version() -> None:
    in_use = signals_in_use()
    measured = {(need.signal_id, need.version) for need in signal_needs()}
    assert len(measured & set(in_use.items())) >= 0.7 * len(in_use)


def test_without_anything_optional_little_is_left_and_with_all_everything_is() -> None:
    whole = {name: {column.name for column in table.columns} for name, table in landing_contract().tables.items()}
    least = {
        name: {column.name for column in table.columns if column.required}
        for name, table in landing_contract().tables.items()
        if table.required
    }
    assert {signal.computability for signal in judge(whole).signals} == {"computable"}
    bare = [signal.computability for signal in judge(least).signals]
    assert 0 < bare.count("computable") < len(bare) / 2
