from orchestration.evaluation.contracting import judge_contracts
from orchestration.evaluation.results import ContractResult
from tests.unit.evaluation.conftest import on, ordinary, published, truth

LEFT = {"closed": 5, "early": 5, "asked_late": 5, "asked_before": 9, "too_late_to_say": 15, "idle": 5}
WORLD = truth(
    [ordinary(name) for name in (*LEFT, "inside", "pestered")],
    contracts=[*((name, on(day)) for name, day in LEFT.items()), ("inside", None), ("pestered", None)],
)


def test_a_breach_is_asked_about_in_time_and_those_inside_are_left_alone() -> None:
    usage = [(name, on(1), 9) for name in (*LEFT, "inside", "pestered") if name != "idle"]
    usage += [(name, on(16), 9) for name in LEFT if name not in ("idle", "closed")]
    asked = [(on(12), "early"), (on(13), "early"), (on(13), "asked_late"), (on(8), "asked_before"), (on(3), "pestered")]
    checks = [(*row, "contract_check") for row in asked] + [(on(9), "asked_late", "key_check")]
    found = judge_contracts(published(usage=usage, checks=checks), WORLD, on(20))
    # `too_late_to_say` has five nights to go, `idle` made no request and `closed` none since it left
    assert found == ContractResult(breaches=3, asked_in_time=1, inside=2, inside_asked=1)
