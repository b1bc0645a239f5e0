"""Small published releases made by code: a rich one, and one with zero rows in every table."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.dictionary.catalog import FILE, Catalog, ColumnEntry, Origin, Reader, TableEntry, catalog_text

AS_OF = date(2026, 11, 24)
FIRST = AS_OF - timedelta(days=69)
ACTOR_COUNT = 14
HOSTILE = "</script><script>window.pwned = 1</script><img src=x onerror=alert(1)>\"'&"

TABLES = {
    "account_days": """account_id varchar, activity_date date, surface varchar, partner varchar, request_count bigint,
        success_count bigint, output_tokens bigint""",
    "actor_members": """as_of_date date, actor_id varchar, account_id varchar, joined_on date, basis varchar,
        membership_strength double, own_evidence double""",
    "actors": """actor_id varchar, account_count bigint, actionable_account_count bigint, active_account_count bigint,
        mixture_share double, request_count_28d bigint, output_tokens_28d bigint,
        requests_per_active_account_day_28d double, enforced_account_count bigint, contracted_account_count bigint,
        link_kinds varchar""",
    "actor_events": "as_of_date date, actor_id varchar, event varchar, other_actor_id varchar",
    "account_links": """account_id_a varchar, account_id_b varchar, link_kind varchar, is_behavioural boolean,
        weight decimal(9,4), shared_value_count bigint, first_seen_on date, last_seen_on date""",
    "accounts": """account_id varchar, created_at timestamp, account_type varchar, tier varchar, status varchar,
        approved_use varchar""",
    "cases": "case_id varchar, lead_ids varchar",
    "lookalikes": "lookalike_id varchar, title varchar, ruled_out_by varchar",
    "scores": """as_of_date date, subject_type varchar, subject_id varchar, log_odds decimal(9,4), score double,
        lower double, upper double, role varchar, rank bigint, ruleset_version varchar, coverage_share double,
        reasons json, resale_log_odds decimal(9,4), resale_score double, resale_lower double, resale_upper double,
        calibration_status varchar""",
    "review_queue": """as_of_date date, lead_id varchar, subject_type varchar, subject_id varchar, priority bigint,
        why varchar, suggested_clause varchar, due_at timestamp, selection varchar, stratum varchar,
        selection_probability double, external_lead_id varchar, severity varchar, first_queued_on date,
        evidence_signature varchar""",
    "actions": """action_id varchar, case_id varchar, account_id varchar, actor_id varchar, action_type varchar,
        surface varchar, decided_at timestamp, effective_at timestamp, reversed_at timestamp, is_overturned boolean""",
    "enforcement_metrics": """metric varchar, period varchar, slice varchar, value double, lower double, upper double,
        n bigint, method varchar, immature boolean""",
    "signal_performance": """signal_id varchar, ruleset_version varchar, group_kind varchar, group_value varchar,
        fired_count bigint, base_rate double, reviewed_count bigint, precision double, precision_lower double,
        precision_upper double, lift double, present_weight double, recommended_weight double,
        recommended_weight_lower double, recommended_weight_upper double, recommended_change varchar""",
    "signal_registry": """signal_id varchar, title varchar, hypothesis_sign integer, unit varchar, lookalikes varchar,
        signal_version integer, family varchar, tactic varchar, subject_type varchar, status varchar, minimum_support double,
        misses varchar""",
    "recommendations": """recommendation_id varchar, about varchar, about_id varchar, group_kind varchar,
        group_value varchar, recommendation varchar, evidence varchar, owner varchar, state varchar,
        decided_on date, decided_by varchar, decision_reason varchar, adopted_in_kind varchar, adopted_in varchar,
        measure varchar, effect_before double, effect_before_lower double, effect_before_upper double,
        effect_before_n bigint, effect_after double, effect_after_lower double, effect_after_upper double,
        effect_after_n bigint, effect_state varchar""",
    "signal_coverage": """signal_id varchar, as_of_date date, computable_count bigint, partly_count bigint,
        not_computable_count bigint""",
    "tactic_coverage": """tactic varchar, surface varchar, is_registered boolean, entered_on date, source varchar,
        first_covered_on date, active_signal_count bigint, last_confirmed_hit_on date, reviewed_count bigint,
        confirmed_count bigint, surface_violation_count bigint, named_in_verdict_count bigint,
        named_in_external_lead_count bigint, precision double, precision_lower double, precision_upper double,
        blind_spots varchar""",
    "case_findings": "finding varchar, case_id varchar, record_kind varchar, record_id varchar, detail varchar",
    "case_precedents": """case_id varchar, precedent_case_id varchar, precedent_rank bigint, distance double,
        precedent_decided_at timestamp, precedent_action_type varchar, is_overturned boolean""",
    "reviews": """review_id varchar, lead_id varchar, decided_at timestamp, subject_type varchar, subject_id varchar,
        verdict varchar, policy_clause_id varchar, is_second_review boolean""",
    "referrals": """referral_id varchar, case_id varchar, partner varchar, sent_at timestamp, due_at timestamp,
        acknowledged_at timestamp, acted_at timestamp, outcome varchar""",
    "quarantine": "table_name varchar, reason varchar, first_seen_on date, released_at date",
}
Rows = dict[str, list[Sequence[Any]]]


def batched(rows: Sequence[Sequence[Any]], size: int) -> list[Sequence[Sequence[Any]]]:
    """Cut rows into runs of at most `size`; one statement a run is far faster than one a row."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def write_release(folder: Path, rows: Rows, *, skip: Iterable[str] = (), **manifest: Any) -> Path:
    """Write a release; tables in `skip` are left out, `manifest` overrides the manifest's entries."""
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        for table, columns in TABLES.items():
            if table in skip:
                continue
            connection.execute(f"create table {table} ({columns})")
            for chunk in batched(rows.get(table, []), 500):
                marks = ", ".join(["(" + ", ".join("?" * len(chunk[0])) + ")"] * len(chunk))
                connection.execute(f"insert into {table} values {marks}", [value for row in chunk for value in row])
        _write_history(connection, folder, rows)
    stated = {
        "release_id": "2026-11-24-9f3ab2c4d5e6",
        "as_of_date": AS_OF.isoformat(),
        "contract_version": 1,
        "code_revision": "0123abc",
        "ruleset_version": "2026.11.1",
        "calibration_status": "expert prior",
        "tables": {},
        "settings": {"measurement": {"review_capacity": 25}},
        "gates": [],
        "gate_nights": [],
        "quarantined": {},
        "supersedes": None,
    } | manifest
    (folder / "manifest.json").write_text(json.dumps(stated), encoding="utf-8")
    return folder


def empty_release(folder: Path) -> Path:
    """Write a release with every table and no row."""
    return write_release(folder, {})


def rich_release(folder: Path, *, lead_count: int = 120, **manifest: Any) -> Path:
    """Write a release in which every figure has enough data."""
    gates = [
        {"gate": "sources", "success": True, "findings": 0},
        {
            "gate": "scores <sum>",
            "success": False,
            "findings": [{"success": True}, {"success": False, "message": "scores must add up"}],
        },
    ]
    nights = [
        {"as_of_date": str(AS_OF - timedelta(days=back)), "gate": gate, "success": back != 2, "checked_count": 40 + back}
        | {"unmet": ["scores must add up"] if back == 2 else []}
        for back in (90, 2, 0)
        for gate in ("sources", "marts")
    ]
    stated = {
        "gates": gates,
        "gate_nights": nights,
        "quarantined": {"usage_requests late": 42, "accounts conflict:account_id": 3},
    } | manifest
    stated |= {
        "tables": {"scores": 320, "account_days": 9000},
        "inputs": [{"path": "usage_requests/arrived_on=2026-11-24/a.parquet"}],
    }
    written = write_release(folder, rich_rows(lead_count), **(stated | manifest))
    (folder / FILE).write_text(catalog_text(catalog()), encoding="utf-8")
    return written


def rich_rows(lead_count: int) -> Rows:
    """Return the rows of the rich release."""
    return {
        "account_days": [*_enforced_days(), *_background_days()],
        "actor_members": [
            *((AS_OF, f"actor_{n:02d}", f"acct_{n:02d}_b", FIRST, "act", 0.5, 2.5) for n in range(ACTOR_COUNT)),
            *_queued_members(),
        ],
        "actors": [(_subject(n), 5, 2, 5, 0.8, 1400, 980_000, 10.0, 1, 0, _kinds(n)) for n in (0, 1, 2)],
        "actor_events": [
            (_back(40), _subject(0), "born", ""),
            (_back(9), "actor_smaller", "merged", _subject(0)),
            (_back(9), "actor_other", "born", ""),
        ],
        "account_links": _queued_links(),
        "accounts": [(f"acct_{n:02d}_a", _at(_back(50)), "individual", "free", "active", None) for n in range(ACTOR_COUNT)],
        "cases": [("case_00", _lead(0)[1]), ("case_01", "lead_2,lead_3")],
        "lookalikes": [("evaluation_harness", "an evaluation harness", "a registered benchmark")],
        "scores": [*(_score(n) for n in range(lead_count)), *(_earlier_score(n) for n in range(0, lead_count, 3))],
        "review_queue": [*_earlier_leads(), *(_lead(n) for n in range(lead_count))],
        "actions": _actions(),
        "enforcement_metrics": _metrics(),
        "case_precedents": [
            ("case_00", f"case_before_{n}", n, n / 10, datetime(2026, 10, n), "termination", n == 2) for n in range(1, 5)
        ],
        "signal_performance": _signals(),
        "signal_registry": _registry(),
        "tactic_coverage": _tactics(),
        "recommendations": [
            _recommendation(
                "r1", "signal", "sig_network_hosting", "lower the weight", "precision 0.21", before=(0.21, 0.1, 0.4, 90)
            ),
            _recommendation(
                "r2", "clause", "AUP-4.2", "say what evidence the clause asks for", HOSTILE, before=(0.3, 0.2, 0.5, 40)
            ),
            _recommendation(
                "r3",
                "signal",
                "sig_signup_burst",
                "lower the weight",
                "x",
                state="adopted",
                group=("tier", "free"),
                before=(0.2, 0.1, 0.4, 50),
                after=(0.6, 0.4, 0.8, 30),
            ),
            _recommendation(
                "r4",
                "signal",
                "sig_signup_burst",
                "raise the weight",
                "x",
                state="adopted",
                before=(0.2, 0.1, 0.4, 50),
                after=(None, None, None, 7),
            ),
        ],
        "case_findings": [
            *(("sanction_without_verdict", f"case_{n}", "action", f"action_{n}", "suspension") for n in range(7)),
            ("unknown_clause", None, "review", "review_1", "clause-9"),
        ],
        "signal_coverage": [
            ("sig_network_hosting", AS_OF, 900, 60, 240),
            ("sig_bulk_volume", AS_OF, 1200, 0, 0),
            *_coverage(),
        ],
        "reviews": _reviews(),
        "referrals": _referrals(),
        "quarantine": [("usage_requests", HOSTILE if n == 5 else "too_late", _back(n % 20), None) for n in range(60)],
    }


_Effect = tuple[float | None, float | None, float | None, int | None]


def _recommendation(
    recommendation_id: str,
    about: str,
    about_id: str,
    recommendation: str,
    evidence: str,
    *,
    before: _Effect,
    after: _Effect = (None, None, None, None),
    state: str = "open",
    group: tuple[str, str] = ("all", "all"),
) -> Sequence[Any]:
    decided = (AS_OF, "head of detection", "as the verdicts say", "signal", "2") if state == "adopted" else (None,) * 5
    owner = "detection" if about == "signal" else "policy"
    effect_state = "none" if state == "open" else "immature" if after[0] is None else "measured"
    return (
        recommendation_id, about, about_id, *group, recommendation, evidence, owner, state, *decided, "precision", *before,
        *after, effect_state,
    )  # fmt: skip


def action_day(n: int) -> date:
    """Return the day on which actor `n` was acted on."""
    return AS_OF - timedelta(days=14 + n)


def _enforced_days() -> list[Sequence[Any]]:
    """Account `a` of each actor sends 300 + 20n (and a weekly wave) until its action; account `b` sends 12 after it."""
    rows: list[Sequence[Any]] = []
    for n in range(ACTOR_COUNT):
        for offset in range((AS_OF - FIRST).days + 1):
            day = FIRST + timedelta(days=offset)
            surface = ("api", "chat", "coding_agent")[n % 3]
            if day < action_day(n):
                amount = 300 + 20 * n + 25 * ((offset + n) % 7)
                rows.append((f"acct_{n:02d}_a", day, surface, "", amount, amount, amount * 700))
            elif (day - action_day(n)).days > 2 and n % 3 == 0:
                rows.append((f"acct_{n:02d}_b", day, "partner_cloud", "cumulus", 60 + offset % 9, 60 + offset % 9, 9000))
    return rows


def _background_days() -> list[Sequence[Any]]:
    levels = {"api": 41000, "chat": 26000, "coding_agent": 15500, "partner_cloud": 4200}
    rows: list[Sequence[Any]] = []
    for surface, level in levels.items():
        for offset in range((AS_OF - FIRST).days + 1):
            amount = level + 40 * offset - (level // 4) * (offset % 7 > 4)
            rows.append((f"acct_{surface}", FIRST + timedelta(days=offset), surface, "", amount, amount, 10**6))
    return rows


def _actions() -> list[Sequence[Any]]:
    kinds = ("suspension", "suspension", "warning", "termination", "rate_limit")
    rows: list[Sequence[Any]] = []
    for n in range(ACTOR_COUNT):
        at = datetime.combine(action_day(n), datetime.min.time())
        kind = "suspension" if n % 2 else "termination"
        rows.append((f"action_{n:02d}", f"case_{n:02d}", f"acct_{n:02d}_a", f"actor_{n:02d}", kind, "api", at, at, None, False))
    for n in range(46):
        at = datetime.combine(AS_OF - timedelta(days=n), datetime.min.time())
        surface = ("chat", "coding_agent", "partner_cloud")[n % 3]
        kind = "warning" if surface == "partner_cloud" and n % 2 else kinds[n % 5]
        # The account of these has no requests on record, and a reversal keeps them out of the volume figure.
        rows.append((f"action_x{n}", f"case_x{n}", f"acct_x{n}", None, kind, surface, at, at, at, True))
    at = datetime(2026, 11, 1)
    rows.append(("action_overturned", "case_o", "acct_api", None, "suspension", "all", at, at, None, True))
    return rows


def _metrics() -> list[Sequence[Any]]:
    km, boot = "Kaplan-Meier", "Kaplan-Meier, bootstrap"
    rows: list[Sequence[Any]] = [
        (
            "return_survival",
            "all",
            f"day={day}",
            1 - 0.31 * day / (day + 12),
            max(0, 1 - 0.31 * day / (day + 12) - 0.01 * day**0.5 * 2),
            min(1, 1 - 0.31 * day / (day + 12) + 0.008 * day**0.5 * 2),
            96,
            km,
            False,
        )
        for day in range(0, 91, 3)
    ]
    rows += [
        ("placebo_survival", "all", f"day={day}", 1 - day / 2000, 0.93 - day / 2000, 1.0, 200, km, False)
        for day in range(0, 91, 3)
    ]
    times = {"detect": (2.4, 11.0), "review": (0.8, 3.1), "act": (1.6, 6.2), "take_effect": (0.1, 0.9)}
    for stage, (median, p90) in times.items():
        rows.append((f"time_to_{stage}_median", "all", "", median, median * 0.8, median * 1.3, 88, boot, False))
        is_thin = stage == "take_effect"
        rows.append((f"time_to_{stage}_p90", "all", "", p90, p90 * 0.7, p90 * 1.6, 9 if is_thin else 88, boot, is_thin))
    rows += [
        (
            "counterfactual_requests",
            "all",
            f"day={day}",
            505 + 0.5 * day,
            430 - 0.4 * day,
            580 + 1.4 * day,
            14,
            "matched actors",
            False,
        )
        for day in range(0, 29)
    ]
    rows += [
        ("audited_precision", "all", "", 0.82, 0.71, 0.90, 64, "Horvitz-Thompson", False),
        ("audited_precision", "all", "surface=chat", 0.999, 0.2, 1.0, 4, "Horvitz-Thompson", True),
        ("queue_precision", "all", "", 0.77, 0.72, 0.81, 310, "Wilson", False),
        ("prevalence", "all", "of=accounts", 0.00042, 0.00018, 0.00088, 900, "Horvitz-Thompson", False),
        ("prevalence", "all", "of=output_tokens", 0.0113, 0.0061, 0.0178, 900, "Horvitz-Thompson", False),
        ("proactive_rate", "all", "", 0.68, 0.57, 0.77, 88, "Wilson", False),
        ("overturn_rate", "all", "", 0.09, 0.03, 0.21, 41, "Wilson", False),
        ("reentry_rate", "all", "days=28", 0.17, 0.08, 0.26, 96, "less placebo, bootstrap", False),
        ("leakage_requests", "all", "", 120, None, None, 96, "count", False),
        ("house_index", "all", "", 0.5, None, None, 3, HOSTILE, False),
    ]
    return [*rows, *_view_metrics()]


def _view_metrics() -> list[Sequence[Any]]:
    """Return the metrics that only the weekly and the monthly view draw."""
    rows: list[Sequence[Any]] = [
        ("reviewer_agreement", "all", "all", 0.71, 0.58, 0.84, 64, "Cohen's kappa", False),
        ("reviewer_agreement_share", "all", "all", 0.88, 0.78, 0.94, 64, "Wilson", False),
        ("queue_capacity_share", "all", "all", 0.4, 0.4, 0.4, 175, "of 25 a day, last 7 nights", False),
        ("time_to_review_median_days", "all", "all", 2.5, 2.1, 3.4, 300, "Kaplan-Meier", False),
        ("time_to_review_median_days", "all", "surface=api", 2.2, 2.0, None, 90, "Kaplan-Meier", False),
        ("partner_response", "all", "to=acknowledged,statistic=median", 1.5, 0.5, 3.0, 12, "Kaplan-Meier", False),
        ("partner_response", "all", "to=acted,statistic=median", 4.5, 2.5, None, 12, "Kaplan-Meier", False),
        ("partner_response", "all", "to=acted,statistic=median,partner=harbor", None, None, None, 4, "thin", True),
        ("displacement_share", "all", "days=28", -0.12, -0.3, 0.04, 14, "bootstrap", False),
        ("displacement_share", "all", "days=28,surface=chat", 0.2, 0.05, 0.4, 14, "bootstrap", False),
        ("displacement_share", "all", "days=28,channel=new_account", 0.1, 0.02, 0.2, 14, "bootstrap", False),
        ("overturn_rate", "all", "ground=factual", 0.05, 0.01, 0.16, 41, "Wilson", False),
        ("overturn_rate", "all", "surface=chat", None, None, None, 3, "Wilson", True),
        ("harm_account_days_lost", "all", "all", 12.0, 12.0, 12.0, 1, "count", False),
        ("consistency_index", "all", "all", 0.64, 0.56, 0.8, 73, "bootstrap", False),
        ("consistency_index", "all", "across=surface", 0.6, 0.5, 0.9, 54, "bootstrap", False),
        ("consistency_outlier", "all", "action_id=action_00,action_type=warning", 0.1, None, None, 20, "share", False),
    ]
    for design, value in (("did", 84000.0), ("its", 71000.0)):
        for metric in ("prevented_requests", "prevented_requests_net"):
            rows.append((metric, "all", f"design={design},days=28", value, value - 60000, value + 52000, 14, design, False))
    months = {"2026-09": (0.2, 9.0), "2026-10": (0.19, 6.0), "2026-11": (0.05, 2.0)}
    for month, (rate, days) in months.items():
        rows.append(("overturn_rate", month, "all", rate, rate - 0.04, rate + 0.05, 40, "Wilson", False))
        rows.append(("time_to_review_median_days", month, "all", days, days - 1, days + 1, 60, "Kaplan-Meier", False))
        rows.append(("proactive_rate", month, "all", 0.9, 0.5, 1.0, 4, "Wilson", True))
    return rows


def _signals() -> list[Sequence[Any]]:
    names = (
        "bulk_volume",
        "bulk_clock",
        "template_share",
        "template_corpus_walk",
        "reasoning_share",
        "preference_grading",
        "release_pivot",
        "signup_burst",
        "billing_fingerprint",
        "network_hosting",
    )
    rows: list[Sequence[Any]] = []
    for n, signal in enumerate(names):
        precision = 0.93 - 0.08 * n
        bounds = (precision - 0.07 - 0.01 * n, min(1.0, precision + 0.06 + 0.008 * n))
        change = "lower the weight" if n == 9 else "none"
        rows.append(
            (
                f"sig_{signal}",
                "2026.11.1",
                "all",
                "all",
                400 - 30 * n,
                0.002 * (n + 1),
                90 - 4 * n,
                precision,
                *bounds,
                40 / (n + 1),
                0.5,
                *((0.3, 0.2, 0.4) if n == 9 else (None, None, None)),
                change,
            )
        )
    rows.append(
        ("sig_mitigating_contract", "2026.11.1", "all", "all", 80, 0.1, 60, 0.05, 0.01, 0.14, 0.1, 0.5, None, None, None, "none")
    )
    rows.append(
        ("sig_sampling_logprobs", "2026.11.1", "all", "all", 5, 0.0001, 2, 1.0, 0.34, 1.0, 99.0, 0.5, None, None, None, None)
    )
    rows.append(("sig_bulk_volume", "2026.11.1", "country", "XX", 40, 0.01, 20, 0.2, 0.1, 0.4, 1.0, None, None, None, None, None))
    return rows


def _registry() -> list[Sequence[Any]]:
    """Three signals of before, three whose needs are measured (on usage, on charges, one at another version), one retired."""
    rows = (
        ("sig_mitigating_contract", "Contracted use", -1, 1, "mitigating", "permit", "account", "active", 1.0),
        ("sig_bulk_volume", "Volume above peers", 1, 1, "bulk", "bulk", "account", "active", 3.0),
        ("sig_template_share", "One template", 1, 1, "bulk", "bulk", "account", "active", 3.0),
        ("sig_capability_coverage_sweep", "Topic by topic", 1, 1, "capability", "sweep", "actor", "active", 200.0),
        ("sig_billing_shared_prepaid_card", "A prepaid card of many", 1, 1, "billing", "cards", "account", "active", 1.0),
        ("sig_billing_prepaid_members", "Prepaid members", 1, 99, "billing", "in_shadow", "actor", "shadow", 4.0),
        ("sig_gone", "Given up", 1, 1, "billing", "cards", "account", "retired", 1.0),
    )
    words = {"sig_mitigating_contract": ("flag", ""), "sig_bulk_volume": ("count", "evaluation_harness")}
    told = ("share", "evaluation_harness")
    return [(*row[:3], *words.get(row[0], told), *row[3:], "A slow campaign") for row in rows]


def _coverage() -> list[Sequence[Any]]:
    """The prepaid card was computable the night before and for nobody tonight; of actors there is none."""
    return [
        ("sig_capability_coverage_sweep", AS_OF, 1, 36, 3),
        ("sig_billing_shared_prepaid_card", AS_OF, 0, 0, 1200),
        ("sig_billing_prepaid_members", AS_OF, 0, 0, 0),
        ("sig_billing_shared_prepaid_card", _back(1), 700, 0, 500),
        ("sig_bulk_volume", _back(1), 1199, 0, 0),
    ]


def _tactics() -> list[Sequence[Any]]:
    """One covered and confirmed, one covered by what nobody can compute, one in shadow, one blind, one that a lead named."""
    known = {"bulk": 1, "cards": 1, "in_shadow": 0, "sweep": 1, "blind": 0, HOSTILE: 0}
    rows: list[Sequence[Any]] = []
    for tactic, active in known.items():
        for surface in ("api", "chat"):
            is_told = tactic == "bulk" and surface == "api"
            judged = (AS_OF, 30, 20, 25) if is_told else (None, 0, 0, 25 if surface == "api" else 0)
            named = (0, 2) if tactic == HOSTILE else (1, 0) if tactic == "blind" else (0, 0)
            precision = (0.67, 0.49, 0.81) if is_told else (None, None, None)
            registered = (tactic != HOSTILE, FIRST, "a report", FIRST if active else None)
            rows.append((tactic, surface, *registered, active, *judged, *named, *precision, "much"))
    return rows


def catalog() -> Catalog:
    """Return the catalog of three tables: one from landing, one from it and a seed, one from both through models."""

    def column(name: str, kind: str = "varchar", meaning: str = "What it is.", **more: Any) -> ColumnEntry:
        return ColumnEntry(name=name, type=kind, meaning=meaning, privacy_class="measure", **more)

    tables = (
        TableEntry(
            name="account_days", group="features", grain="One row per account and day.", key=("account_id", "activity_date"),
            parts="month", dated_by="activity_date",
            columns=(column("account_id"), column("activity_date", "date", unit="UTC day"), column("surface", meaning=HOSTILE)),
        ),
        TableEntry(
            name="scores", group="scores", grain="One row per subject and as-of date.", meaning="Log-odds add up.",
            key=("as_of_date", "subject_id"), parts="night", dated_by="as_of_date", checks=("a score lies between its bounds",),
            columns=(column("subject_id"), column("score", "double", rules=("between 0 and 1",))),
        ),
        TableEntry(
            name="review_queue", group="review", grain="One row per lead.", key=("lead_id",), parts="night",
            dated_by="as_of_date", columns=tuple(column(f"column_{n}") for n in range(30)),
        ),
    )  # fmt: skip
    origins = (
        Origin(name="landing.usage_requests", kind="landing"),
        Origin(name="stg_provider__usage_requests", kind="staging", group="provider", made_from=("landing.usage_requests",)),
        Origin(name="account_days", kind="mart", group="features", made_from=("stg_provider__usage_requests",)),
        Origin(name="score_priors", kind="seed"),
        Origin(name="scores", kind="mart", group="scores", made_from=("account_days", "score_priors")),
        Origin(name="int_review__subjects", kind="intermediate", group="review", made_from=("scores",)),
        Origin(name="computed.review_queue", kind="computed", made_from=("int_review__subjects",)),
        Origin(name="review_queue", kind="mart", group="review", made_from=("account_days", "computed.review_queue")),
    )
    reader = Reader(
        name="queue_readers", label="The queue", owner="Lead", what="Who is looked at.", tables=("review_queue", "scores")
    )
    return Catalog(tables=tables, origins=origins, readers=(reader,))


def _score(n: int) -> Sequence[Any]:
    reasons = [
        {
            "signal_id": "sig_template_share",
            "value": 0.97,
            "baseline": 0.11,
            "contribution": 2.25 - n * 0.01,
            "resale_contribution": 0.5,
            "text": "97% of requests share one template; the peers' median is 11%",
        },
        {
            "signal_id": "sig_release_pivot",
            "value": 0.5,
            "baseline": 0.04,
            "contribution": 1.5,
            "resale_contribution": 0,
            "text": "Half of the volume moved to a new model within 48 hours of its release; the peers' median is 4%",
        },
        {
            "signal_id": "sig_mitigating_contract",
            "value": 1,
            "baseline": 0,
            "contribution": -0.75,
            "resale_contribution": 0,
            "text": f"A contract allows evaluation use {HOSTILE}" if n == 3 else "A contract allows evaluation use",
        },
    ]
    roles = ("distiller", "log_harvesting_reseller", "reseller", "trial_farmer")
    log_odds = 6.1 - n * 0.05
    return (
        AS_OF,
        _kind(n),
        _subject(n),
        log_odds,
        0.987654,
        0.9,
        0.99,
        roles[n % 4],
        n + 1,
        "2026.11.1",
        0.92,
        json.dumps(reasons),
        log_odds - 3,
        0.3,
        0.1,
        0.5,
        "expert prior",
    )


def _earlier_score(n: int) -> Sequence[Any]:
    """The score of the night before, lower by a hundredth of the lead's number."""
    of, kind, subject_id, log_odds, *rest = _score(n)
    return (of - timedelta(days=2), kind, subject_id, log_odds - n / 100, *rest)


def _lead(n: int) -> Sequence[Any]:
    why = HOSTILE if n == 3 else "New evidence since the last night: template share rose from 20% to 97%"
    due = datetime.combine(AS_OF, datetime.min.time()) + timedelta(hours=17 + 24 * (n % 9 - 1))
    selection = ("score", "score", "score", "audit_flagged", "external")[n % 5]
    return (
        AS_OF,
        f"lead_{(n + 1) * 0x9E3779B97F4A7C15 % 2**64:016x}",
        _kind(n),
        _subject(n),
        n + 1,
        why,
        "AUP-4.2",
        due,
        selection,
        "s1",
        0.5,
        None,
        ("high", "medium", "low")[n % 3],
        AS_OF - timedelta(days=n % 4),
        "sig_template_share",
    )


def _back(days: int) -> date:
    return AS_OF - timedelta(days=days)


def _at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)


def _earlier_leads() -> list[Sequence[Any]]:
    """On each of the 30 nights before the last wait 20 to 26 leads, of which the first four are past due."""
    rows: list[Sequence[Any]] = []
    for back in range(1, 31):
        night = _back(back)
        for n in range(20 + back % 7):
            first = night if n > 15 else _back(back + 1)
            due = _at(night, -6 if n < 4 else 40)
            lead = (night, f"lead_{back}_{n}", "account", f"acct_{n}", n, "", None, due, "score", "flagged", None, None)
            rows.append((*lead, "medium", first, ""))
    return rows


def _reviews() -> list[Sequence[Any]]:
    """Ten reviews a day on weekdays of the last 30 days, and two opened and not decided."""
    days = [_back(n) for n in range(30) if _back(n).weekday() < 5]
    of = ("account", "acct_x", "benign", None, False)
    decided = [(f"rev_{day}_{n}", f"lead_{n}", _at(day), *of) for day in days for n in range(10)]
    of_queued = ("rev_queued", _lead(0)[1], _at(_back(12)), "actor", _subject(0), "violation", "AUP-4.2", False)
    return [*decided, ("rev_open_1", "lead_1", None, *of), ("rev_open_2", "lead_2", None, *of), of_queued]


def _queued_members() -> list[Sequence[Any]]:
    """The first queued actor has five accounts, of which two are a basis for action, and one joined later."""
    return [
        (AS_OF, _subject(0), f"acct_{n:02d}_a", _back(40 if n < 4 else 9), "act" if n < 2 else "hold", 0.9 - n / 10, 3.0 - n)
        for n in range(5)
    ]


def _queued_links() -> list[Sequence[Any]]:
    """Each of its accounts is linked to the next by behaviour, the first two by a card too; one link leads out of it."""
    seen = (1, _back(40), AS_OF)
    behaviour = [(f"acct_{n:02d}_a", f"acct_{n + 1:02d}_a", "rare_template", True, 4.0 - n, *seen) for n in range(4)]
    return [
        *behaviour,
        ("acct_00_a", "acct_01_a", "payment_fingerprint", False, 7.0, *seen),
        ("acct_00_a", "acct_13_a", "device", False, 9.0, *seen),
    ]


def _kinds(number: int) -> str | None:
    """What `_queued_links` comes to in the first actor, whose members alone are queued."""
    return "rare_template 5, payment_fingerprint 2" if number == 0 else None


def _referrals() -> list[Sequence[Any]]:
    """Of four to each partner one is acted on, one acknowledged, one past due, and one was sent today."""
    rows: list[Sequence[Any]] = []
    for partner in ("cumulus", "harbor"):
        sent = [_at(_back(days)) for days in (20, 6, 12, 0)]
        due = [at + timedelta(days=7) for at in sent]
        rows += [
            (f"rfr_{partner}_acted", "case_00", partner, sent[0], due[0], sent[0], due[0], "acted"),
            (f"rfr_{partner}_read", "case_01", partner, sent[1], due[1], due[1], None, None),
            (f"rfr_{partner}_late", "case_02", partner, sent[2], due[2], None, None, None),
            (f"rfr_{partner}_new", "case_03", partner, sent[3], due[3], None, None, None),
        ]
    return rows


def _kind(n: int) -> str:
    return "account" if n % 4 == 3 else "actor"


def _subject(n: int) -> str:
    return f"{_kind(n)}_{(n + 1) * 0xC2B2AE3D27D4EB4F % 2**64:016x}"


def _write_history(connection: duckdb.DuckDBPyConnection, folder: Path, rows: Rows) -> None:
    """Write Parquet history of the tables that are read with it, one part per month or as-of date."""
    for table, part in (
        ("account_days", "strftime(activity_date, '%Y-%m')"),
        ("actor_members", "strftime(as_of_date, '%Y-%m-%d')"),
        ("review_queue", "strftime(as_of_date, '%Y-%m-%d')"),
        ("actor_events", "strftime(as_of_date, '%Y-%m-%d')"),
        ("scores", "strftime(as_of_date, '%Y-%m-%d')"),
        ("signal_coverage", "strftime(as_of_date, '%Y-%m-%d')"),
    ):
        if not rows.get(table):
            continue
        (folder / "parquet" / table).mkdir(parents=True)
        for (name,) in connection.execute(f"select distinct {part} from {table} order by 1").fetchall():
            target = folder / "parquet" / table / f"{name}.parquet"
            connection.execute(f"copy (select * from {table} where {part} = '{name}') to '{target}' (format parquet)")
    # As in a real release, the database keeps only the newest 28 activity days, and the rows of the as-of date.
    for table in ("review_queue", "scores", "signal_coverage"):
        connection.execute(f"delete from {table} where as_of_date < ?", [AS_OF])
    if rows.get("account_days"):
        connection.execute("delete from account_days where activity_date <= ?", [AS_OF - timedelta(days=28)])
