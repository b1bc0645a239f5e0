"""Two queues over the same nights: what is gained, lost and moved, how precise they are, and how far scores shift."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from orchestration.backtesting.leads import compare_leads, kept_share
from orchestration.backtesting.precision import compare_lookalikes, compare_precision
from orchestration.backtesting.settings import BacktestSettings
from orchestration.backtesting.shadow import would_be
from orchestration.backtesting.stability import compare_stability, stability_index

SETTINGS = BacktestSettings(bootstrap_draws=500, minimum_verdicts=4)
NIGHTS = (date(2026, 3, 1), date(2026, 3, 2))
SCORE_SCHEMA = {
    "as_of_date": pl.Date,
    "subject_type": pl.String,
    "subject_id": pl.String,
    "log_odds": pl.Float64,
    "score": pl.Float64,
    "resale_log_odds": pl.Float64,
    "resale_score": pl.Float64,
}


def queue(*nights: str, selection: str = "score", stratum: str = "flagged") -> pl.DataFrame:
    """One letter a subject, best place first, a word a night."""
    rows = [
        {
            "as_of_date": NIGHTS[n],
            "subject_type": "actor",
            "subject_id": s,
            "priority": p,
            "selection": selection,
            "stratum": stratum,
        }
        for n, word in enumerate(nights)
        for p, s in enumerate(word, start=1)
    ]
    return pl.DataFrame(rows)


def scores(values: dict[str, float], night: int = 0) -> pl.DataFrame:
    rows = [[NIGHTS[night], "actor", s, x, float(1 / (1 + np.exp(-x))), -9.0, 0.0001] for s, x in values.items()]
    return pl.DataFrame(rows, schema=SCORE_SCHEMA, orient="row")


def verdicts(**of: str) -> pl.DataFrame:
    """`a="violation"`, or with weight and look-alike: `b="benign 10 classroom"`."""
    rows = [text.split() if " " in text else [text, "1"] for text in of.values()]
    return pl.DataFrame(
        {
            "subject_type": ["actor"] * len(rows),
            "subject_id": list(of),
            "verdict": [row[0] for row in rows],
            "weight": [float(row[1]) for row in rows],
            "lookalike_id": [row[2] if len(row) > 2 else None for row in rows],
        },
        schema=dict.fromkeys(("subject_type", "subject_id", "verdict"), pl.String)
        | {"weight": pl.Float64, "lookalike_id": pl.String},
    )


def test_leads_gained_lost_and_moved() -> None:
    low, high = scores(dict.fromkeys("abcd", 1.0)), scores(dict.fromkeys("abcd", 2.0))
    found = compare_leads(queue("abc", "abc"), queue("cad", "cad"), low, high, verdicts(b="benign"))
    assert [change.subject_id for change in found.gained] == ["d"]
    assert [(change.subject_id, change.verdict, change.champion_priority) for change in found.lost] == [("b", "benign", 2)]
    assert [(c.subject_id, c.champion_priority, c.challenger_priority) for c in found.moved] == [("c", 3, 1), ("a", 1, 2)]
    assert (found.median_place_change, found.champion, found.challenger) == (1.5, 3, 3)
    assert found.gained[0].challenger_log_odds == 2.0


def test_the_same_rule_set_changes_nothing() -> None:
    same = compare_leads(queue("abc"), queue("abc"), scores({"a": 1}), scores({"a": 1}), verdicts())
    assert (same.gained, same.lost, same.moved, same.median_place_change) == ((), (), (), 0)


def test_draws_of_unflagged_subjects_and_contract_checks_are_no_leads_by_score() -> None:
    others = [queue("x", selection="audit_unflagged"), queue("y", stratum="contract_check")]
    found = compare_leads(pl.concat([queue("a"), *others]), queue("a"), scores({}), scores({}), verdicts())
    assert (found.champion, found.lost) == (1, ())


def test_share_of_leads_kept() -> None:
    assert kept_share(queue("abcd", "ab")) == 0.5
    assert kept_share(queue("abcd")) is None


def test_precision_weighs_each_verdict_and_pairs_the_difference() -> None:
    of = verdicts(a="violation", b="violation", c="violation", d="benign", e="benign", f="violation")
    found = compare_precision(queue("abcde"), queue("abcfz"), of, SETTINGS)
    assert found.champion.value == pytest.approx(3 / 5)
    assert found.challenger.value == 1
    assert (found.challenger_decided, found.challenger_undecided) == (4, 1)
    assert found.difference.value == pytest.approx(2 / 5)
    assert found.difference.lower is not None and found.difference.upper is not None
    assert 0 <= found.difference.lower < 0.4 < found.difference.upper
    heavy = of.with_columns(weight=pl.when(pl.col("subject_id") == "f").then(10.0).otherwise("weight"))
    assert compare_precision(queue("abcde"), queue("abdf"), heavy, SETTINGS).challenger.value == pytest.approx(12 / 13)


def test_the_interval_of_no_difference_is_none_wide_since_the_leads_are_paired() -> None:
    of = verdicts(a="violation", b="benign", c="violation", d="benign")
    found = compare_precision(queue("abcd"), queue("abcd"), of, SETTINGS)
    assert (found.difference.value, found.difference.lower, found.difference.upper) == (0, 0, 0)
    assert found.champion.lower is not None and found.champion.lower < 0.5


def test_too_few_verdicts_give_no_interval_and_none_give_no_number() -> None:
    few = compare_precision(queue("abc"), queue("ab"), verdicts(a="violation"), SETTINGS)
    assert (few.champion.value, few.champion.lower, few.difference.lower) == (1, None, None)
    none = compare_precision(queue("abc"), queue("ab"), verdicts(), SETTINGS)
    assert (none.champion.value, none.difference.value) == (None, None)


def test_a_bootstrap_is_the_same_whatever_the_order_of_rows() -> None:
    of = verdicts(a="violation", b="benign", c="violation", d="benign", e="benign")
    one = compare_precision(queue("abcde"), queue("abcd"), of, SETTINGS)
    assert one == compare_precision(queue("abcde"), queue("abcd"), of.reverse(), SETTINGS)


def test_false_positives_by_lookalike() -> None:
    of = verdicts(a="benign 1 classroom", b="benign 3 classroom", c="benign 1", d="violation 1 classroom")
    rates = list(compare_lookalikes(scores({"a": 1}), scores({"a": 1, "b": 2, "d": 3}), of, SETTINGS))
    assert [(r.lookalike_id, r.benign, r.champion_flagged, r.challenger_flagged) for r in rates] == [
        ("classroom", 2, 1, 2),
        ("not stated", 1, 0, 0),
    ]
    # three of the four subjects the verdicts stand for
    assert rates[0].difference.value == pytest.approx(0.75)


def test_stability_index_by_hand() -> None:
    before, after = np.repeat([0.0, 1.0], 50), np.repeat([0.0, 1.0], [25, 75])
    p, q = np.array([50.5, 50.5]) / 101, np.array([25.5, 75.5]) / 101
    assert stability_index(before, after, 2) == pytest.approx(float(np.sum((q - p) * np.log(q / p))))
    assert stability_index(before, before, 10) == 0
    assert stability_index(before, np.array([]), 2) is None


def test_a_large_shift_is_called_large() -> None:
    ours = scores({f"s{n}": n / 50 for n in range(100)})
    (same,) = compare_stability(ours, ours, SETTINGS)
    (shifted,) = compare_stability(ours, ours.with_columns(pl.col("log_odds") + 1), SETTINGS)
    assert (same.is_large, same.champion_to_challenger, same.champion_first_to_last) == (False, 0, None)
    assert shifted.is_large


def test_a_shadow_signals_would_be_contribution() -> None:
    was = scores({"a": -0.5, "b": -3.0, "c": 1.0})
    found = would_be("sig_x", was, scores({"a": 0.5, "b": -2.0, "c": 1.0}), flag_score=0.5)
    assert (found.subjects, found.mean_contribution, found.greatest_contribution, found.newly_flagged) == (2, 1, 1, 1)
    assert found.mean_resale_contribution == 0
    silent = would_be("sig_x", was, was, flag_score=0.5)
    assert (silent.subjects, silent.mean_contribution, silent.newly_flagged) == (0, None, 0)
