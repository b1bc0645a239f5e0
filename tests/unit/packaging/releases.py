"""Two small published releases about one case, made by code: what the reviewer saw, and what was decided since."""

import json
import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.manifest import Manifest, write_manifest
from orchestration.publishing.releases import point_current_at

SEEN = date(2026, 3, 28)
NOW = date(2026, 4, 8)
EVIDENCE, RECORD = "2026-03-28-aaaaaaaaaaaa", "2026-04-08-bbbbbbbbbbbb"
CASE, LEAD, ACTOR = "case_1", "lead_1", "actor_1"
HOSTILE = "</code><script>window.pwned = 1</script> | `x` [a](javascript:alert)"
Rows = dict[str, list[dict[str, Any]]]

DDL = {
    "cases": "case_id varchar, lead_ids varchar, actor_id varchar, tactic_id varchar, strength_grade varchar, "
    "strength_score double, opened_at timestamp, decided_at timestamp, policy_clause_id varchar, "
    "outcome varchar, precedent_case_ids varchar, "
    "account_count bigint, first_effective_at timestamp, has_overturned_action boolean",
    "actions": "action_id varchar, case_id varchar, account_id varchar, action_type varchar, surface varchar, "
    "policy_clause_id varchar, policy_version varchar, framework_version varchar, decided_at timestamp, "
    "notice_sent_at timestamp, effective_at timestamp, expires_at timestamp, reversed_at timestamp, "
    "reversal_ground varchar, escalation_path varchar, "
    "release_id varchar, lead_id varchar, is_proactive boolean, severity_rank integer, is_overturned boolean",
    "reviews": "review_id varchar, lead_id varchar, subject_type varchar, subject_id varchar, release_id varchar, "
    "reviewer_hash bigint, opened_at timestamp, decided_at timestamp, verdict varchar, role varchar, lookalike_id varchar, "
    "confidence double, is_second_review boolean, selection varchar, first_queued_on date, is_verdict_of_lead boolean",
    "appeals": "appeal_id varchar, action_id varchar, case_id varchar, filed_at timestamp, decided_at timestamp, "
    "outcome varchar, ground varchar, is_independent boolean",
    "assessments": "assessment_id varchar, case_id varchar, assessed_at timestamp, assessor_role varchar, rubric_line varchar, "
    "grade integer, dissent boolean, signer_hash bigint",
    "escalations": "escalation_id varchar, case_id varchar, channel varchar, sent_at timestamp, due_at timestamp, "
    "decided_at timestamp, outcome varchar, legal_hold boolean, hold_released_at timestamp, is_on_hold boolean",
    "referrals": "referral_id varchar, case_id varchar, partner varchar, sent_at timestamp, acknowledged_at timestamp, "
    "acted_at timestamp, outcome varchar",
    "attributions": "attribution_id varchar, actor_id varchar, version integer, stated_at timestamp, stated_by_hash bigint, "
    "statement_ref varchar, confidence double, source_count integer, is_current boolean",
    "corroboration": "corroboration_id varchar, subject_type varchar, subject_id varchar, kind varchar, strength double, "
    "observed_at timestamp, summary_ref varchar",
    "enforcement_metrics": "metric varchar, period varchar, slice varchar, value double, lower double, upper double, n bigint, "
    "method varchar, immature boolean",
    "policy_clauses": "policy_clause_id varchar, clause_version integer, kind varchar, title varchar, clause_text varchar, "
    "valid_from date, valid_to date, source varchar",
    "policy_clause_elements": "policy_clause_id varchar, clause_version integer, element_id varchar, element varchar, "
    "shown_by varchar",
    "rubric_lines": "rubric_version integer, rubric_line varchar, weight double, is_gate boolean, gate_minimum integer, "
    "question varchar, grade_0 varchar, grade_1 varchar, grade_2 varchar, grade_3 varchar, grade_4 varchar, "
    "assessor_role varchar, valid_from date, valid_to date",
    "escalation_paths": "framework_version integer, path_id varchar, clause_kind varchar, minimum_grade varchar, "
    "minimum_account_count integer, channel varchar, due_days integer, reason varchar",
    "partners": "partner varchar, partner_version integer, surface varchar, action_types varchar, "
    "accepted_identifiers varchar, response_days integer, valid_from date, valid_to date, source varchar",
    "accounts": "account_id varchar, created_at timestamp, tier varchar, terms_version varchar, terms_accepted_at timestamp, "
    "contract_id varchar, approved_use varchar",
    "account_features": "account_id varchar, is_contract_in_force boolean, request_count_28d bigint",
    "actors": "actor_id varchar, account_count bigint, actionable_account_count bigint, active_account_count bigint, "
    "mixture_share double",
    "actor_members": "actor_id varchar, account_id varchar, membership_strength double, link_kind_count bigint, "
    "nonbehavioural_kind_count bigint, own_evidence double, basis varchar",
    "actor_events": "as_of_date date, actor_id varchar, event varchar, other_actor_id varchar",
    "account_links": "account_id_a varchar, account_id_b varchar, link_kind varchar, evidence_source varchar, "
    "is_behavioural boolean, weight decimal(9,4), first_seen_on date, last_seen_on date",
    "account_days": "account_id varchar, activity_date date, surface varchar, partner varchar, request_count bigint, "
    "success_count bigint, input_tokens bigint, output_tokens bigint",
    "scores": "subject_type varchar, subject_id varchar, log_odds decimal(9,4), score double, lower double, upper double, "
    "resale_log_odds decimal(9,4), resale_score double, resale_lower double, resale_upper double, role varchar, "
    "calibration_status varchar, coverage_share double, reasons varchar",
    "signal_hits": "subject_type varchar, subject_id varchar, signal_id varchar, family varchar, value double",
    "signal_registry": "signal_id varchar, family varchar, misses varchar, lookalikes varchar",
    "signal_coverage": "signal_id varchar, computable_count bigint",
    "signal_performance": "signal_id varchar, ruleset_version varchar, group_kind varchar, group_value varchar, "
    "reviewed_count bigint, confirmed_count bigint, precision double, precision_lower double, precision_upper double",
    "lookalikes": "lookalike_id varchar, title varchar, ruled_out_by varchar",
    "review_queue": "lead_id varchar, selection varchar, stratum varchar, why varchar, evidence_signature varchar, "
    "suggested_clause varchar",
    "intelligence_matches": "as_of_date date, account_id varchar, indicator_id varchar, indicator_type varchar, "
    "campaign varchar, source varchar, confidence double, first_seen_at timestamp, expires_at timestamp, "
    "age_days bigint, aged_confidence double",
}
_PARTS = {"account_days": "strftime(activity_date, '%Y-%m')", "actor_events": "strftime(as_of_date, '%Y-%m-%d')"}


def write_home(home: Path, evidence: Rows, record: Rows, *, shuffled: int | None = None, now: date = NOW) -> Path:
    """Write both releases under `home`; return the published folder. `shuffled` seeds another order of the rows."""
    published = home / "published"
    _write_release(published / EVIDENCE, SEEN, evidence, shuffled)
    _write_release(published / RECORD, now, record, shuffled)
    point_current_at(published, RECORD)
    return published


def action(action_id: str, account_id: str, **changes: Any) -> dict[str, Any]:
    """Return a suspension on the API, decided after the verdict, noticed before it took effect."""
    return {
        "action_id": action_id,
        "case_id": CASE,
        "account_id": account_id,
        "action_type": "suspension",
        "surface": "api",
        "policy_clause_id": "tou-1",
        "policy_version": "2026-01",
        "framework_version": "1",
        "decided_at": datetime(2026, 3, 30, 12),
        "notice_sent_at": datetime(2026, 3, 30, 13),
        "effective_at": datetime(2026, 3, 30, 14),
        "escalation_path": "reviewer",
        "release_id": EVIDENCE,
        "lead_id": LEAD,
        "is_proactive": True,
        "severity_rank": 4,
        "is_overturned": False,
    } | changes


def review(**changes: Any) -> dict[str, Any]:
    """Return the verdict of the case: a violation, before any action."""
    return {
        "review_id": "rev_1",
        "lead_id": LEAD,
        "subject_type": "actor",
        "subject_id": ACTOR,
        "release_id": EVIDENCE,
        "reviewer_hash": 11,
        "opened_at": datetime(2026, 3, 29, 9),
        "decided_at": datetime(2026, 3, 29, 12),
        "verdict": "violation",
        "role": "distiller",
        "confidence": 0.7,
        "is_second_review": False,
        "selection": "score",
        "first_queued_on": date(2026, 3, 27),
        "is_verdict_of_lead": True,
    } | changes


def case(case_id: str = CASE, **changes: Any) -> dict[str, Any]:
    """Return the case, decided and graded B, with no precedents."""
    return {
        "case_id": case_id,
        "lead_ids": LEAD if case_id == CASE else None,
        "actor_id": ACTOR if case_id == CASE else None,
        "tactic_id": "templated_extraction",
        "strength_grade": "B",
        "strength_score": 3.0,
        "opened_at": datetime(2026, 3, 27),
        "decided_at": datetime(2026, 3, 30, 12),
        "policy_clause_id": "tou-1",
        "outcome": "suspension",
        "account_count": 3,
        "first_effective_at": datetime(2026, 3, 30, 14),
        "has_overturned_action": False,
    } | changes


def evidence_rows() -> Rows:
    """Return what the reviewer saw: three accounts, one of them held, one mitigating signal, one look-alike."""
    accounts = ("acct_a", "acct_b", "acct_c")
    reasons = [
        _reason("prior", -3.8918, -3.8918, "Before any evidence."),
        _reason("sig_shared", 4.0, 1.0, "They share a template."),
        _reason("sig_network", 0.5, 0.0, "They work from hosting networks."),
        _reason("sig_kind", -0.25, 0.0, "It has end users of its own."),
    ]
    score = {"log_odds": 0.3582, "score": 0.59, "lower": 0.2, "upper": 0.9, "resale_log_odds": -2.8918, "resale_score": 0.05}
    score |= {"resale_lower": 0.01, "resale_upper": 0.2, "role": "distiller", "calibration_status": "expert prior"}
    return {
        "actors": [
            {
                "actor_id": ACTOR,
                "account_count": 3,
                "actionable_account_count": 2,
                "active_account_count": 3,
                "mixture_share": 0.8,
            }
        ],
        "actor_members": [_member("acct_a", "act"), _member("acct_b", "act"), _member("acct_c", "hold")],
        "actor_events": [{"as_of_date": date(2026, 3, 20), "actor_id": ACTOR, "event": "born"}],
        "account_links": [
            _link("acct_a", "acct_b", "payment_fingerprint", 6.5, False),
            _link("acct_a", "acct_b", "rare_template", 4.25, True),
            _link("acct_a", "acct_c", "rare_template", 4.25, True),
        ],
        "accounts": [
            {
                "account_id": a,
                "created_at": datetime(2026, 2, 15, 8),
                "tier": "build",
                "terms_version": "2026-01",
                "terms_accepted_at": datetime(2026, 2, 15, 8),
                "contract_id": "ctr_1" if a == "acct_c" else None,
                "approved_use": "research" if a == "acct_c" else None,
            }
            for a in accounts
        ],
        "account_features": [
            {"account_id": a, "is_contract_in_force": a == "acct_c", "request_count_28d": 280} for a in accounts
        ],
        "account_days": _days(accounts, SEEN, 28),
        "scores": [
            dict(subject_type="actor", subject_id=ACTOR, coverage_share=0.9, reasons=json.dumps(reasons), **score),
        ],
        "signal_hits": [
            {"subject_type": "actor", "subject_id": ACTOR, "signal_id": "sig_shared", "family": "coordination", "value": 0.9}
        ],
        "signal_registry": [
            {"signal_id": "sig_shared", "family": "coordination", "misses": "Rephrasing.", "lookalikes": "classroom, colleagues"},
            {"signal_id": "sig_network", "family": "network", "misses": "Homes.", "lookalikes": "privacy_vpn"},
            {"signal_id": "sig_kind", "family": "mitigating", "misses": "Nothing.", "lookalikes": ""},
        ],
        "signal_coverage": [{"signal_id": "sig_shared", "computable_count": 3}],
        "lookalikes": [
            {"lookalike_id": "classroom", "title": "a class", "ruled_out_by": "the same hour"},
            {"lookalike_id": "colleagues", "title": "colleagues", "ruled_out_by": "one organisation"},
            {"lookalike_id": "privacy_vpn", "title": "a user of a privacy network", "ruled_out_by": "nothing else"},
        ],
        "review_queue": [
            {"lead_id": LEAD, "selection": "score", "why": "new", "evidence_signature": "", "suggested_clause": "tou-1"}
        ],
        "intelligence_matches": [
            {
                "as_of_date": SEEN,
                "account_id": "acct_a",
                "indicator_id": "ind_1",
                "indicator_type": "payment_method_fingerprint",
                "source": "a forum",
                "confidence": 0.8,
                "first_seen_at": datetime(2026, 2, 26),
                "age_days": 30,
                "aged_confidence": 0.4,
            }
        ],
    }


def record_rows() -> Rows:
    """Return what was decided: two suspensions after a verdict, and nothing irregular."""
    return {
        "cases": [case()],
        "actions": [action("act_1", "acct_a"), action("act_2", "acct_b")],
        "reviews": [review()],
        "account_days": [*_days(("acct_a", "acct_b", "acct_c"), NOW, 39)],
        "actor_events": [{"as_of_date": date(2026, 3, 20), "actor_id": ACTOR, "event": "born"}],
        "signal_performance": [
            {
                "signal_id": "sig_shared",
                "ruleset_version": "3",
                "group_kind": "all",
                "group_value": "all",
                "reviewed_count": 9,
                "confirmed_count": 8,
            }
        ],
        "enforcement_metrics": [
            {
                "metric": "reviewer_agreement",
                "period": "all",
                "slice": "all",
                "value": 0.8,
                "lower": 0.6,
                "upper": 0.9,
                "n": 40,
                "method": "kappa",
            },
            {"metric": "overturn_rate", "period": "all", "slice": "all", "n": 3, "method": "Wilson", "immature": True},
        ],
        "policy_clauses": [
            {
                "policy_clause_id": "tou-1",
                "clause_version": 1,
                "kind": "terms",
                "title": "Old",
                "clause_text": "Old text",
                "valid_to": date(2026, 1, 1),
            },
            {
                "policy_clause_id": "tou-1",
                "clause_version": 2,
                "kind": "terms",
                "title": "No training",
                "clause_text": HOSTILE,
                "valid_from": date(2026, 1, 2),
            },
        ],
        "partners": [
            _partner("harbor", 1, "account_id"),
            _partner("meridian", 1, "account_id", valid_to=date(2026, 4, 1)),
            _partner("northcloud", 1, "ip_prefix_hash"),
        ],
        "policy_clause_elements": [
            {"policy_clause_id": "tou-1", "clause_version": 2, "element_id": "e1", "element": "Harvest", "shown_by": "templates"}
        ],
    }


def _partner(name: str, version: int, identifiers: str, valid_to: date | None = None) -> dict[str, Any]:
    row = {"partner": name, "partner_version": version, "accepted_identifiers": identifiers, "valid_to": valid_to}
    return row | {"surface": "partner_cloud", "valid_from": date(2026, 1, 1)}


def _days(accounts: tuple[str, ...], last: date, count: int) -> list[dict[str, Any]]:
    return [
        {
            "account_id": a,
            "activity_date": last - timedelta(days=n),
            "surface": "api",
            "partner": "",
            "request_count": 10,
            "success_count": 10,
            "input_tokens": 100,
            "output_tokens": 1000,
        }
        for a in accounts
        for n in range(count)
    ]


def _reason(signal_id: str, contribution: float, resale: float, text: str) -> dict[str, Any]:
    of = {"value": 0.9, "baseline": None}
    return {"signal_id": signal_id, "contribution": contribution, "resale_contribution": resale, "text": text, **of}


def _member(account_id: str, basis: str) -> dict[str, Any]:
    of = {"membership_strength": 1.0, "link_kind_count": 2, "nonbehavioural_kind_count": 1, "own_evidence": 0.5}
    return dict(actor_id=ACTOR, account_id=account_id, basis=basis, **of)


def _link(a: str, b: str, kind: str, weight: float, behavioural: bool) -> dict[str, Any]:
    seen = {"first_seen_on": date(2026, 3, 1), "last_seen_on": SEEN}
    return dict(
        account_id_a=a, account_id_b=b, link_kind=kind, evidence_source="x", is_behavioural=behavioural, weight=weight, **seen
    )


def _write_release(folder: Path, as_of: date, rows: Mapping[str, list[dict[str, Any]]], shuffled: int | None) -> None:
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        for table, columns in DDL.items():
            connection.execute(f"create table {table} ({columns})")
            chosen = list(rows.get(table, []))
            if shuffled is not None:
                random.Random(shuffled).shuffle(chosen)
            names = [column.split()[0] for column in columns.split(", ")]
            if chosen:
                marks = ", ".join(["(" + ", ".join("?" * len(names)) + ")"] * len(chosen))
                connection.execute(f"insert into {table} values {marks}", [row.get(name) for row in chosen for name in names])
        for table, part in _PARTS.items():
            (folder / "parquet" / table).mkdir(parents=True)
            for (name,) in connection.execute(f"select distinct {part} from {table} order by 1").fetchall():
                target = folder / "parquet" / table / f"{name}.parquet"
                connection.execute(f"copy (select * from {table} where {part} = '{name}') to '{target}' (format parquet)")
    write_manifest(
        Manifest(
            release_id=folder.name,
            as_of_date=as_of,
            content_hash="c" * 64,
            contract_version=1,
            schema_version=1,
            code_revision="0123abc",
            ruleset_version="3",
            calibration_status="expert prior",
            ids_rekeyed=False,
            inputs=(),
            parts=(),
            tables={},
            gates=(),
            quarantined={},
            supersedes=None,
        ),
        folder,
    )
