"""The whole frame: shape, determinism, immaturity, and each family against hand-counted truth."""

from datetime import timedelta

import polars as pl
import pytest

from orchestration.measurement.compute import compute_metrics
from orchestration.measurement.facts import FACTS
from orchestration.measurement.rows import METRIC_SCHEMA, MetricRow, counted, metric_frame, slice_of
from orchestration.measurement.settings import MeasurementSettings
from tests.unit.measurement.facts import AS_OF, ENFORCED, at, empty_facts, facts_with, unit_days


def _row(metrics: pl.DataFrame, metric: str, slice_text: str = "all", period: str = "all") -> dict[str, object]:
    found = metrics.filter((pl.col("metric") == metric) & (pl.col("slice") == slice_text) & (pl.col("period") == period))
    assert found.height == 1, f"{metric} / {slice_text} / {period}: {found.height} rows"
    return found.row(0, named=True)


def test_nothing_landed_gives_a_whole_frame_without_rates() -> None:
    metrics = compute_metrics(empty_facts(), AS_OF)
    assert metrics.schema == METRIC_SCHEMA
    shown = metrics.filter(~pl.col("immature"))
    assert set(shown["metric"]) == {
        "harm_account_days_lost",
        "harm_innocent_requests",
        "leakage_output_tokens",
        "leakage_requests",
        "partner_past_due",
        "queue_backlog",
        "queue_past_due",
    }
    assert shown["value"].to_list() == [0.0] * shown.height
    assert metrics.filter(pl.col("immature"))["value"].null_count() == metrics["immature"].sum()


def test_row_order_does_not_matter() -> None:
    facts = facts_with(unit_days=unit_days(6, 40, 5))
    shuffled = {model: rows.sample(fraction=1, shuffle=True, seed=5) for model, rows in facts.items()}
    assert compute_metrics(facts, AS_OF).equals(compute_metrics(shuffled, AS_OF))


def test_absent_model_and_column_are_named() -> None:
    facts = empty_facts()
    with pytest.raises(ValueError, match="missing: int_measurement__leakage"):
        compute_metrics({model: rows for model, rows in facts.items() if "leakage" not in model}, AS_OF)
    broken = facts | {"int_measurement__leakage": facts["int_measurement__leakage"].drop("output_tokens")}
    with pytest.raises(ValueError, match="Build the model with output_tokens"):
        compute_metrics(broken, AS_OF)


def test_extra_columns_are_ignored() -> None:
    facts = {model: rows.with_columns(extra=pl.lit(1)) for model, rows in empty_facts().items()}
    assert compute_metrics(facts, AS_OF).equals(compute_metrics(empty_facts(), AS_OF))
    assert all(model.startswith("int_measurement__") for model in FACTS)


def test_two_rows_under_one_name_are_refused() -> None:
    rows = [MetricRow("m", counted(1, 1, "x")), MetricRow("m", counted(2, 1, "x"))]
    with pytest.raises(ValueError, match="given two of m / all / all"):
        metric_frame(rows)


def test_slice_keeps_its_separators_apart() -> None:
    assert slice_of(clause="a=b,c;d|e", surface="api") == "clause=a_b_c_d_e,surface=api"


def test_prevented_volume_by_both_designs() -> None:
    metrics = compute_metrics(facts_with(unit_days=unit_days(6, drop=40, trend=15)), AS_OF)
    did = _row(metrics, "prevented_requests", "design=did,days=28")
    assert did["value"] == pytest.approx(6 * 28 * 40, rel=0.02)
    net = _row(metrics, "prevented_requests_net", "design=did,days=28")
    assert net["value"] == pytest.approx(did["value"] - 6 * 28 * 5)
    # the series alone takes the common rise of 15 for a lesser effect, and the disagreement shows it
    its = _row(metrics, "prevented_requests", "design=its,days=28")
    assert its["value"] == pytest.approx(6 * 28 * 25, rel=0.1)
    gap = _row(metrics, "prevented_requests_disagreement", "days=28")
    assert gap["value"] == pytest.approx(did["value"] - its["value"])
    assert gap["lower"] > 0
    pretrend = _row(metrics, "prevented_requests_pretrend")
    assert abs(pretrend["value"]) < 0.01 * did["value"]
    day = _row(metrics, "counterfactual_requests", "day=14")
    assert day["value"] == pytest.approx((100 + 2.5 + 2) * 1.15, abs=1.5)


def test_a_control_that_drops_out_does_not_bend_the_counterfactual() -> None:
    rows = unit_days(6, drop=40, trend=15)
    kept = [row for row in rows if not (str(row["member_unit_id"]).startswith("c2") and row["relative_day"] > 3)]
    for row in kept:
        if str(row["member_unit_id"]).startswith("c2"):
            row["request_count"] *= 10
    metrics = compute_metrics(facts_with(unit_days=kept), AS_OF)
    assert _row(metrics, "prevented_requests", "design=did,days=28")["value"] == pytest.approx(6 * 28 * 40, rel=0.02)


def _returns(returned: int, placebo_returned: int, units: int = 20) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number in range(units):
        for is_control, came_back in ((False, number < returned), (True, number < placebo_returned)):
            rows.append(
                {
                    "unit_id": f"u{number:02}",
                    "member_unit_id": f"c{number:02}" if is_control else f"u{number:02}",
                    "is_control": is_control,
                    "action_type": "termination",
                    "enforced_on": ENFORCED,
                    "first_return_on": ENFORCED + timedelta(days=5) if came_back else None,
                    "is_on_other_surface": came_back and number % 2 == 0,
                    "observed_until": AS_OF,
                }
            )
    return rows


def test_reentry_is_what_exceeds_the_placebo() -> None:
    metrics = compute_metrics(facts_with(unit_returns=_returns(8, 2)), AS_OF)
    assert _row(metrics, "reentry_rate_unadjusted", "days=7")["value"] == pytest.approx(0.4)
    assert _row(metrics, "reentry_rate_placebo", "days=7")["value"] == pytest.approx(0.1)
    excess = _row(metrics, "reentry_rate", "days=28")
    assert excess["value"] == pytest.approx(0.3)
    assert excess["lower"] < 0.3 < excess["upper"]
    assert _row(metrics, "reentry_other_surface_rate", "days=28")["value"] == pytest.approx(4 / 20)
    assert _row(metrics, "return_survival", "day=4")["value"] == 1.0
    assert _row(metrics, "return_survival", "day=5")["value"] == pytest.approx(0.6)
    # 58 days were watched: nothing is said of 90
    assert _row(metrics, "reentry_rate", "days=90")["immature"] is True
    assert metrics.filter(pl.col("slice") == "day=59").height == 0


def test_no_return_still_has_an_upper_bound() -> None:
    row = _row(compute_metrics(facts_with(unit_returns=_returns(0, 0)), AS_OF), "reentry_rate_unadjusted", "days=28")
    assert (row["value"], row["lower"]) == (0.0, 0.0)
    assert row["upper"] == pytest.approx(0.1611, abs=5e-5)


def test_displacement_is_the_gain_outside_the_scope() -> None:
    rows = []
    for number in range(5):
        for day in range(-28, 29):
            for channel, surface, volume in (
                ("in_scope", "api", 100 if day < 0 else 0),
                ("other_surface", "chat", 10 if day < 0 else 30),
                ("new_account", "api", 0 if day < 0 else 5),
            ):
                if day != 0 and volume:
                    rows.append(
                        {
                            "unit_id": f"u{number}",
                            "channel": channel,
                            "surface": surface,
                            "partner": "",
                            "relative_day": day,
                            "observed_day_count": 58,
                            "request_count": volume,
                            "output_tokens": volume,
                        }
                    )
    metrics = compute_metrics(facts_with(displacement=rows, unit_days=unit_days(5, 0, 0)), AS_OF)
    assert _row(metrics, "displacement_share")["value"] == pytest.approx(0.25)
    assert _row(metrics, "displacement_share", "days=28,channel=other_surface")["value"] == pytest.approx(0.2)
    assert _row(metrics, "displacement_requests", "days=7,channel=new_account")["value"] == 5 * 7 * 5


def test_leakage_lists_what_got_through() -> None:
    action = {"action_id": "a1", "account_id": "x", "action_type": "termination", "effective_at": at(ENFORCED)}
    other = action | {"action_id": "a2", "account_id": "y", "action_type": "suspension"}
    leak = {"action_id": "a1", "action_type": "termination", "account_id": "x", "surface": "api", "partner": ""}
    leak |= {"activity_date": ENFORCED, "request_count": 3, "output_tokens": 70}
    metrics = compute_metrics(facts_with(actions=[action, other], leakage=[leak]), AS_OF)
    whole = _row(metrics, "leakage_requests")
    assert (whole["value"], whole["n"], whole["immature"]) == (3.0, 2, False)
    assert _row(metrics, "leakage_requests", "action_type=suspension")["value"] == 0.0
    assert _row(metrics, "leakage_output_tokens", "action_id=a1,surface=api")["value"] == 70.0


def test_consistency_counts_pairs_of_different_cases_only() -> None:
    def decision(case: str, surface: str, action: str, clause: str = "c1") -> dict[str, object]:
        return {
            "action_id": f"{case}{surface}{clause}",
            "case_id": case,
            "surface": surface,
            "partner": "",
            "action_type": action,
            "decided_by": "1",
            "period": "2026-02",
            "policy_clause_id": clause,
            "tactic_id": "t",
            "strength_grade": "A",
        }

    decisions = [decision(f"k{number}", "api", "termination") for number in range(6)]
    decisions += [decision("k0", "chat", "warning"), decision("k9", "chat", "warning", clause="c2")]
    settings = MeasurementSettings(minimum_pairs=5, outlier_cell=5)
    metrics = compute_metrics(facts_with(decisions=decisions), AS_OF, settings)
    # 15 pairs on the API agree; 5 of the chat decision with the other five cases do not; k0 with itself does not count
    overall = _row(metrics, "consistency_index")
    assert (overall["value"], overall["n"]) == (pytest.approx(15 / 20), 20)
    across = _row(metrics, "consistency_index", "across=surface")
    assert (across["value"], across["n"]) == (0.0, 5)
    outlier = _row(metrics, "consistency_outlier", "action_id=k0chatc1,action_type=warning")
    assert outlier["value"] == pytest.approx(1 / 7)


def test_appeals_harm_and_proactive_rate() -> None:
    actions = [
        {
            "action_id": f"a{number:02}",
            "account_id": f"x{number:02}",
            "action_type": "suspension",
            "surface": "api",
            "policy_clause_id": "c",
            "decided_at": at(ENFORCED),
            "notice_sent_at": at(ENFORCED) if number < 20 else None,
            "is_appealed": number < 12,
            "appeal_outcome": "overturned" if number < 3 else "upheld" if number < 12 else None,
            "appeal_ground": "factual" if number < 2 else None,
            "lost_days": 2.5 if number < 2 else None,
            "country": "DE",
            "language": "de",
            "tier": "free",
            "account_type": "individual",
        }
        for number in range(25)
    ]
    units = [
        {"unit_id": f"u{number}", "enforced_on": ENFORCED, "is_overturned": number == 0, "is_proactive": number < 9}
        | {"mixture_share": 0.75, "request_count_28d": 100}
        for number in range(13)
    ]
    sizes = [{"group_kind": k, "group_value": v, "account_count": 100} for k, v in (("country", "DE"), ("language", "de"))]
    metrics = compute_metrics(facts_with(actions=actions, enforced_units=units, group_sizes=sizes), AS_OF)
    assert _row(metrics, "appeal_rate")["value"] == pytest.approx(12 / 20)
    assert _row(metrics, "overturn_rate")["value"] == pytest.approx(3 / 12)
    assert _row(metrics, "overturn_rate", "ground=factual")["value"] == pytest.approx(2 / 12)
    assert _row(metrics, "harm_account_days_lost")["value"] == 5.0
    assert _row(metrics, "harm_innocent_requests")["value"] == pytest.approx(12 * 25)
    assert _row(metrics, "proactive_rate")["value"] == pytest.approx(8 / 12)
    assert _row(metrics, "action_rate", "country=DE")["value"] == pytest.approx(0.25)
    assert _row(metrics, "action_rate", "language=de")["value"] == pytest.approx(0.25)


def _lead(number: int, selection: str, probability: float, verdict: str | None) -> dict[str, object]:
    return {
        "lead_id": f"{selection}{number}",
        "selection": selection,
        "stratum": "s",
        "selection_probability": probability,
        "drawn_on": ENFORCED,
        "verdict": verdict,
        "country": "DE",
        "tier": "free",
        "account_type": "individual",
        "surface": "api",
        "account_count": 1,
        "request_count_28d": 100,
        "output_tokens_28d": 1000,
    }


def test_precision_and_prevalence_weigh_by_selection() -> None:
    leads = [_lead(n, "audit_flagged", 0.5, "violation" if n < 8 else "benign") for n in range(10)]
    leads += [_lead(n, "audit_unflagged", 0.05, "violation" if n < 1 else "benign") for n in range(40)]
    leads += [_lead(n, "score", 1.0, "violation") for n in range(12)]
    metrics = compute_metrics(facts_with(leads=leads), AS_OF)
    assert _row(metrics, "audited_precision")["value"] == pytest.approx(0.8)
    assert _row(metrics, "queue_precision")["value"] == 1.0
    # 16 of 20 flagged and 20 of 800 unflagged
    assert _row(metrics, "prevalence", "of=accounts")["value"] == pytest.approx(36 / 820)
    assert _row(metrics, "violating_accounts")["value"] == pytest.approx(36)


def test_an_undecided_audit_lead_raises_the_others_weight() -> None:
    leads = [_lead(n, "audit_flagged", 0.5, "violation" if n < 8 else "benign") for n in range(10)]
    leads += [_lead(n, "audit_unflagged", 0.05, None if n < 20 else "benign") for n in range(40)]
    row = _row(compute_metrics(facts_with(leads=leads), AS_OF), "prevalence", "of=accounts")
    assert row["value"] == pytest.approx(16 / 820)
    assert "20 of 50 not decided" in str(row["method"])


def test_prevalence_needs_the_unflagged_sample() -> None:
    leads = [_lead(n, "audit_flagged", 0.5, "violation") for n in range(30)]
    assert _row(compute_metrics(facts_with(leads=leads), AS_OF), "prevalence", "of=accounts")["immature"] is True


def test_open_cases_count_in_the_times() -> None:
    def item(number: int, hours: float | None) -> dict[str, object]:
        return {
            "stage": "act",
            "item_id": f"l{number}",
            "started_at": at(ENFORCED),
            "ended_at": None if hours is None else at(ENFORCED, hours),
            "observed_until": at(AS_OF, 24),
            "surface": "api",
            "action_type": "any",
            "policy_clause_id": "c",
        }

    closed = [item(number, 24.0 * (number + 1)) for number in range(10)]
    waiting = [item(number + 50, None) for number in range(6)]
    alone = compute_metrics(facts_with(stage_times=closed), AS_OF)
    metrics = compute_metrics(facts_with(stage_times=closed + waiting), AS_OF)
    assert _row(alone, "time_to_act_median_days")["value"] == 5.0
    assert _row(metrics, "time_to_act_median_days")["value"] == 8.0
    assert _row(metrics, "time_to_act_p90_days")["immature"] is True
    assert _row(metrics, "time_to_act_median_days", period="2026-02")["n"] == 16


def test_partner_queue_and_coverage() -> None:
    referrals = [
        {
            "referral_id": f"r{number:02}",
            "partner": "cloudy",
            "sent_at": at(ENFORCED),
            "acknowledged_at": None,
            "acted_at": at(ENFORCED, 48) if number < 8 else None,
            "is_past_due": number >= 10,
        }
        for number in range(12)
    ]
    nights = [
        {"as_of_date": AS_OF - timedelta(days=back), "lead_count": 9, "past_due_count": 2, "decided_count": 5}
        for back in range(10)
    ]
    nights[0]["decided_count"] = 0
    tactics = [{"tactic": "t", "surface": "api", "active_signal_count": 1, "last_confirmed_hit_on": None}]
    metrics = compute_metrics(facts_with(referrals=referrals, queue_days=nights, tactic_surfaces=tactics), AS_OF)
    # acting implies having read it
    assert _row(metrics, "partner_response", "to=acknowledged,statistic=median")["value"] == 2.0
    assert _row(metrics, "partner_past_due", "partner=cloudy")["value"] == 2.0
    assert _row(metrics, "partner_past_due", "partner=cloudy,referral_id=r11")["value"] == 1.0
    assert _row(metrics, "queue_backlog")["value"] == 9.0
    # the newest night's reviews come tomorrow: seven nights before it of five reviews each
    share = _row(metrics, "queue_capacity_share")
    assert (share["value"], share["n"]) == (pytest.approx(35 / 175), 175)
    assert _row(metrics, "uncovered_tactics", "surface=api")["value"] == 1.0
    assert _row(metrics, "unwatched_tactics", "surface=api")["value"] == 0.0


def test_capacity_of_a_first_night_is_not_known_yet() -> None:
    night = {"as_of_date": AS_OF, "lead_count": 9, "past_due_count": 2, "decided_count": 0}
    metrics = compute_metrics(facts_with(queue_days=[night]), AS_OF)
    assert _row(metrics, "queue_backlog")["value"] == 9.0
    assert _row(metrics, "queue_capacity_share")["immature"] is True


def test_days_from_a_tactics_entry_to_its_signal_and_its_first_hit() -> None:
    entered = AS_OF - timedelta(days=40)
    tactics = [
        {
            "tactic": "covered",
            "entered_on": entered,
            "first_active_signal_on": entered + timedelta(days=3),
            "observed_until": AS_OF,
        },
        {
            "tactic": "known",
            "entered_on": entered,
            "first_active_signal_on": entered,
            "first_confirmed_hit_on": entered - timedelta(days=5),
            "observed_until": AS_OF,
        },
        {"tactic": "blind", "entered_on": entered, "observed_until": AS_OF},
    ]
    metrics = compute_metrics(facts_with(tactic_times=tactics), AS_OF)
    active = [_row(metrics, "days_to_first_active_signal", f"tactic={name}") for name in ("covered", "known", "blind")]
    assert [row["value"] for row in active] == [3.0, 0.0, None]
    assert (active[2]["lower"], active[2]["upper"], active[2]["immature"]) == (40.0, None, False)
    hits = [_row(metrics, "days_to_first_confirmed_hit", f"tactic={name}") for name in ("covered", "known", "blind")]
    # a hit in data older than the registry counts as day 0
    assert [(row["value"], row["lower"]) for row in hits] == [(None, 40.0), (0.0, 0.0), (None, 40.0)]
    assert _row(metrics, "days_to_first_active_signal")["immature"] is True


def test_the_median_over_tactics_counts_those_still_awaited() -> None:
    tactics = [
        {
            "tactic": f"t{number:02}",
            "entered_on": AS_OF - timedelta(days=40),
            "first_active_signal_on": AS_OF - timedelta(days=40 - number) if number < 8 else None,
            "observed_until": AS_OF,
        }
        for number in range(12)
    ]
    found = _row(compute_metrics(facts_with(tactic_times=tactics), AS_OF), "days_to_first_active_signal")
    # the sixth of twelve, where the median of the eight that ended would be 3.5
    assert (found["value"], found["n"]) == (5.0, 12)


def test_drift_of_a_signal() -> None:
    def night(back: int, fired: int) -> dict[str, object]:
        day = AS_OF - timedelta(days=back)
        return {"as_of_date": day, "signal_id": "s", "computable_count": 1000, "fired_count": fired}

    nights = [night(back, 100 if back < 7 else 20) for back in range(35)]
    row = _row(compute_metrics(facts_with(signal_days=nights), AS_OF), "signal_drift", "signal=s")
    assert row["value"] == pytest.approx(0.08)
    assert 0 < float(str(row["lower"])) < 0.08
