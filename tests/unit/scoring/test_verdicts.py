"""How many subjects a verdict stands for: certain leads one each, draws by their probability over the nights."""

from datetime import date

import polars as pl
import pytest

from orchestration.scoring.verdicts import weighted_verdicts

NIGHTS = (date(2026, 3, 1), date(2026, 3, 2))


def lead(lead_id: str, selection: str, probability: float | None = None, night: int = 0, priority: int = 1) -> dict[str, object]:
    return {
        "as_of_date": NIGHTS[night],
        "lead_id": lead_id,
        "subject_type": "account",
        "subject_id": f"of_{lead_id}",
        "priority": priority,
        "selection": selection,
        "stratum": "flagged" if selection in ("score", "audit_flagged") else "account/free",
        "selection_probability": probability,
    }


def review(lead_id: str, verdict: str | None, label: str | None = None) -> dict[str, object]:
    empty = dict.fromkeys(("role", "policy_clause_id", "lookalike_id", "release_id"))
    of_lead = {"is_verdict_of_lead": verdict is not None, "label": label or verdict}
    return {"lead_id": lead_id, "verdict": verdict, **of_lead, **empty}


def weights(queue: list[dict[str, object]], verdicts: dict[str, str | None], budget: int = 2) -> dict[str, float]:
    reviews = pl.DataFrame([review(*item) for item in verdicts.items()], infer_schema_length=None)
    found = weighted_verdicts(pl.DataFrame(queue, infer_schema_length=None), reviews, budget).frame
    return dict(found.select("lead_id", "weight").iter_rows())


def test_a_lead_chosen_by_score_stands_for_itself_and_a_draw_for_its_share_of_a_night() -> None:
    queue = [lead("s", "score"), lead("u", "audit_unflagged", 0.01, priority=2), lead("v", "audit_unflagged", 0.01, night=1)]
    # two equal samples of one in a hundred: each stands for fifty
    assert weights(queue, {"s": "violation", "u": "benign", "v": "benign"}) == {"s": 1, "u": 50, "v": 50}


def test_a_flagged_draw_within_the_budget_was_certain_anyway_and_one_beyond_it_was_not() -> None:
    queue = [lead("s", "score"), lead("t", "score", priority=3), lead("in", "audit_flagged", 0.25, priority=2)]
    queue.append(lead("out", "audit_flagged", 0.25, priority=4))
    found = weights(queue, dict.fromkeys(("s", "t", "in", "out"), "violation"), budget=2)
    assert found == {"s": 1, "t": 1, "in": 1, "out": 4}
    # a night that did not fill its budget had room for every flagged lead
    assert weights(queue, dict.fromkeys(("s", "t", "in", "out"), "violation"), budget=3)["out"] == 1


def test_contract_checks_fill_no_budget_of_the_score_and_stand_for_themselves() -> None:
    check = lead("check", "score", priority=3) | {"stratum": "contract_check"}
    queue = [lead("s", "score"), check, lead("in", "audit_flagged", 0.25, priority=4)]
    assert weights(queue, dict.fromkeys(("s", "check", "in"), "violation"), budget=2) == {"s": 1, "check": 1, "in": 1}


def test_decided_leads_stand_in_for_undecided_and_insufficient_ones_of_their_stratum() -> None:
    queue = [lead(name, "audit_unflagged", 0.1) for name in "abcd"]
    assert weights(queue, {"a": "benign", "b": "insufficient", "c": "violation"}) == {"a": 20, "c": 20}


def test_how_a_lead_came_in_is_settled_on_its_first_night_and_outside_leads_are_counted_only() -> None:
    queue = [lead("s", "score"), lead("s", "external", night=1), lead("e", "external"), lead("open", "score", night=1)]
    reviews = pl.DataFrame([review("s", "violation"), review("e", "violation")], infer_schema_length=None)
    found = weighted_verdicts(pl.DataFrame(queue, infer_schema_length=None), reviews, 2)
    assert found.frame["lead_id"].to_list() == ["s"]
    assert (found.external, found.undecided, found.insufficient, found.nights) == (1, 1, 0, 2)


def test_a_range_takes_leads_by_their_first_night() -> None:
    queue = [lead("s", "score"), lead("s", "score", night=1), lead("t", "score", night=1)]
    reviews = pl.DataFrame([review("s", "violation"), review("t", "benign")], infer_schema_length=None)
    found = weighted_verdicts(pl.DataFrame(queue, infer_schema_length=None), reviews, 2, first=NIGHTS[1])
    assert (found.frame["lead_id"].to_list(), found.nights) == (["t"], 1)


def test_a_draw_without_a_probability_is_refused() -> None:
    with pytest.raises(ValueError, match=r"needs a selection probability in \(0, 1\]; lead u"):
        weights([lead("u", "audit_unflagged")], {"u": "benign"})


def test_a_verdict_overturned_on_the_facts_counts_as_its_label() -> None:
    queue = pl.DataFrame([lead("a", "score"), lead("b", "score")], infer_schema_length=None)
    reviews = pl.DataFrame([review("a", "violation", "benign"), review("b", "violation")], infer_schema_length=None)
    assert weighted_verdicts(queue, reviews, 2).frame["verdict"].to_list() == ["benign", "violation"]
