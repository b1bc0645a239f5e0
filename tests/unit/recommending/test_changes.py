"""Which verdicts speak of which signal: versions, kinds of subject, states, selection weights and groups."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from orchestration.calibrating.fit import logistic
from orchestration.recommending.changes import GROUP_SCHEMA, WEIGHT_SCHEMA, Facts, compare_groups, weigh_signals
from orchestration.scoring.verdicts import Verdicts, weighted_verdicts

SEEN = date(2026, 3, 2)
LEADS = 600


def registry(**changed: object) -> pl.DataFrame:
    row = {
        "signal_id": "sig_a", "signal_version": 2, "subject_type": "account", "status": "active", "hypothesis_sign": 1,
        "weight": 0.5,
    }  # fmt: skip
    return pl.DataFrame([row | changed])


def facts(slope: float = 2.0, fired_version: int = 2, subject_type: str = "account", **changed: object) -> Facts:
    """Leads of a known truth: a third fire `sig_a` with one nat, worth `slope`; at 0 it fires on the innocent of tier free."""
    generator = np.random.default_rng(3)
    rest = np.round(generator.normal(-0.5, 1, LEADS), 4)
    fires = np.arange(LEADS) % 3 == 0
    is_free = np.arange(LEADS) % 2 == 0
    truth = np.where(is_free & (slope == 0), np.where(fires, -2.0, 0.0), rest + slope * fires)
    violates = generator.random(LEADS) < logistic(truth)
    ids = [f"lead_{n:03}" for n in range(LEADS)]
    verdicts = pl.DataFrame(
        {
            "lead_id": ids, "subject_type": subject_type, "subject_id": [f"s{n:03}" for n in range(LEADS)],
            "verdict": np.where(violates, "violation", "benign"), "role": np.where(violates, "distiller", "benign"),
            "policy_clause_id": pl.Series([None] * LEADS, dtype=pl.String), "release_id": f"{SEEN}-abc", "weight": 1.0,
        }
    )  # fmt: skip
    subject = verdicts.select("lead_id", "subject_type", "subject_id").with_columns(
        seen_on=pl.lit(SEEN), ruleset_version=pl.lit("3"), resale_contribution=pl.lit(0.0)
    )
    prior = subject.with_columns(signal_id=pl.lit("prior"), signal_version=0, contribution=pl.Series(rest))
    ours = subject.filter(pl.Series(fires)).with_columns(
        signal_id=pl.lit("sig_a"), signal_version=fired_version, contribution=pl.lit(1.0)
    )
    return Facts(
        verdicts=Verdicts(verdicts, nights=1, insufficient=0, undecided=0, external=0),
        evidence=pl.concat([prior, ours]),
        fired=ours.select("lead_id", "signal_id", "signal_version"),
        groups=pl.DataFrame({"lead_id": ids, "country": "DE", "tier": np.where(is_free, "free", "paid")}),
        registry=registry(**changed),
        ruleset_version="3",
    )


def test_a_signal_worth_twice_its_weight_is_found_and_one_worth_nothing_too() -> None:
    strong, weak = (weigh_signals(facts(slope)).row(0, named=True) for slope in (2.0, 0.0))
    assert strong["slope_lower"] < 2 < strong["slope_upper"]
    assert strong["slope_lower"] > 1
    assert weak["slope_upper"] < 1
    assert strong["is_significant"]
    assert weak["is_significant"]
    assert (strong["fired_count"], strong["other_count"], strong["refusal"]) == (200, 400, None)


def test_the_present_weight_borne_out_is_left_alone() -> None:
    found = weigh_signals(facts(1.0)).row(0, named=True)
    assert found["slope_lower"] < 1 < found["slope_upper"]
    assert not found["is_significant"]


def test_verdicts_on_another_version_of_the_signal_speak_of_neither_side() -> None:
    found = weigh_signals(facts(fired_version=1)).row(0, named=True)
    assert (found["fired_count"], found["other_count"], found["slope"]) == (0, 400, None)
    assert found["refusal"].startswith("needs 20 more verdicts where it fired (0 of 20)")


def test_an_actors_signal_is_judged_by_actors_alone() -> None:
    of_accounts = facts(subject_type="account")
    known = Facts(
        of_accounts.verdicts, of_accounts.evidence, of_accounts.fired, of_accounts.groups, registry(subject_type="actor"), "3"
    )
    assert weigh_signals(known).row(0, named=True)["other_count"] == 0
    found = facts(subject_type="actor")
    of_actors = Facts(found.verdicts, found.evidence, found.fired, found.groups, registry(subject_type="actor"), "3")
    assert weigh_signals(of_actors).row(0, named=True)["other_count"] == 400


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"status": "shadow"}, "counts for nothing: it is not active"),
        ({"weight": 0.0}, "counts for nothing here: its weight for distillation is 0"),
    ],
)
def test_what_counts_for_nothing_has_no_slope(changed: dict[str, object], refusal: str) -> None:
    found = weigh_signals(facts(**changed)).row(0, named=True)  # pyright: ignore[reportArgumentType]
    assert (found["refusal"], found["slope"]) == (refusal, None)


def test_another_rule_sets_verdicts_are_left_out() -> None:
    known = facts()
    other = Facts(known.verdicts, known.evidence, known.fired, known.groups, known.registry, "4")
    assert weigh_signals(other).row(0, named=True)["other_count"] == 0


def test_a_group_in_which_the_signal_raises_no_precision_is_named_and_the_others_are_not() -> None:
    found = compare_groups(facts(0.0))
    assert found.schema == GROUP_SCHEMA
    by_tier = {row["group_value"]: row for row in found.filter(pl.col("group_kind") == "tier").iter_rows(named=True)}
    assert by_tier["free"]["fired_count"] + by_tier["free"]["other_count"] == LEADS // 2
    assert [tier for tier, row in sorted(by_tier.items()) if row["is_significant"]] == ["free"]
    assert by_tier["free"]["fired_precision"] < by_tier["free"]["other_precision"]
    lifting = compare_groups(facts(2.0))
    assert not lifting["is_significant"].any()
    assert (lifting["fired_precision"] > lifting["other_precision"]).all()


def test_groups_of_too_few_and_mitigating_signals_are_not_tested() -> None:
    assert compare_groups(facts(hypothesis_sign=-1)).height == 0
    few = facts()
    scattered = few.groups.with_columns(country=pl.col("lead_id"), tier=pl.col("lead_id"))
    assert compare_groups(Facts(few.verdicts, few.evidence, few.fired, scattered, few.registry, "3")).height == 0


def test_no_verdict_at_all_gives_a_refusal_and_no_group() -> None:
    known = facts()
    none = Verdicts(known.verdicts.frame.clear(), 0, 0, 0, 0)
    empty = Facts(none, known.evidence.clear(), known.fired.clear(), known.groups.clear(), known.registry, "3")
    weights = weigh_signals(empty)
    assert weights.schema == WEIGHT_SCHEMA
    assert weights["refusal"].to_list()[0].startswith("needs 20 more")
    assert compare_groups(empty).schema == GROUP_SCHEMA


def test_only_a_reversal_on_the_facts_moves_a_weight() -> None:
    """The label, not the verdict, is what a signal is judged by; procedure and goodwill leave both alike."""
    leads = [f"l{n:02}" for n in range(60)]
    queue = pl.DataFrame(
        {
            "as_of_date": SEEN, "lead_id": leads, "subject_type": "account", "subject_id": leads, "priority": list(range(60)),
            "selection": "score", "stratum": "flagged", "selection_probability": pl.Series([None] * 60, dtype=pl.Float64),
        }
    )  # fmt: skip

    def counted(label: str) -> int:
        reviews = pl.DataFrame(
            {
                "lead_id": leads, "verdict": "violation", "label": [label, *["violation"] * 59], "is_verdict_of_lead": True,
                "role": "distiller", "policy_clause_id": pl.Series([None] * 60, dtype=pl.String),
                "lookalike_id": pl.Series([None] * 60, dtype=pl.String), "release_id": f"{SEEN}-abc",
            }
        )  # fmt: skip
        evidence = pl.DataFrame(
            {
                "lead_id": leads, "subject_type": "account", "subject_id": leads, "seen_on": SEEN, "ruleset_version": "3",
                "signal_id": "sig_a", "signal_version": 2, "contribution": 1.0, "resale_contribution": 0.0,
            }
        )  # fmt: skip
        fired = evidence.select("lead_id", "signal_id", "signal_version")
        known = Facts(weighted_verdicts(queue, reviews, 60), evidence, fired, pl.DataFrame(), registry(), "3")
        return int(weigh_signals(known).row(0, named=True)["fired_violation_count"])

    assert (counted("violation"), counted("benign")) == (60, 59)
