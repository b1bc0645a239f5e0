"""A lead's note says who, why, what speaks against, how sure, and what else it could be."""

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.publishing.notes import LeadNote, lead_notes
from orchestration.publishing.releases import ReleaseError

REASONS = [
    {"signal_id": "prior", "contribution": -3.9, "resale_contribution": -3.9, "text": "Before any evidence."},
    {"signal_id": "sig_shared", "contribution": 2.5, "resale_contribution": 0.0, "text": "They share templates."},
    {"signal_id": "sig_pace", "contribution": -0.7, "resale_contribution": -0.2, "text": "They keep a day."},
]
TABLES = """
create table review_queue as select 1 as priority, 'lead_1' as lead_id, 'actor' as subject_type, 'actor_1' as subject_id,
    'score' as selection, 'They share templates.' as why, 'tou-3.2-model-training' as suggested_clause,
    date '2026-03-10' as as_of_date, timestamp '2026-03-12' as due_at, null::double as selection_probability,
    'flagged' as stratum,
    'sig_shared' as evidence_signature;
create table scores as select 'actor' as subject_type, 'actor_1' as subject_id, 1.5 as log_odds, 0.8 as score, 0.5 as lower,
    0.9 as upper, 0.1 as resale_score, -2.0 as resale_log_odds, 0.0 as resale_lower, 0.2 as resale_upper,
    'distiller' as role, 'expert prior' as calibration_status, 0.9 as coverage_share, ?::varchar as reasons;
create table actors as select 'actor_1' as actor_id, 3 as account_count, 0 as actionable_account_count,
    1234 as request_count_28d, 567890 as output_tokens_28d, 26.0 as requests_per_active_account_day_28d, 0.9 as mixture_share,
    'rare_template 2'::varchar as link_kinds;
create table actor_members as select 'actor_1' as actor_id, unnest(['a', 'b', 'c']) as account_id, date '2026-03-01' as joined_on;
create table signal_registry as select * from (values ('sig_shared', 'colleagues, classroom'), ('sig_pace', ''))
    as registry (signal_id, lookalikes);
create table lookalikes as select * from (values
    ('colleagues', 'colleagues of one organisation', 'one organisation'),
    ('classroom', 'a class', 'the same prompts')) as l (lookalike_id, title, ruled_out_by)
"""


def _note(tmp_path: Path, *statements: str) -> LeadNote:
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as marts:
        for statement in TABLES.split(";"):
            marts.execute(statement, [json.dumps(REASONS)] if "?::varchar" in statement else [])
        for statement in statements:
            marts.execute(statement)
    (note,) = lead_notes(tmp_path)
    return note


def test_it_answers_every_question(tmp_path: Path) -> None:
    note = _note(tmp_path)
    assert note.headline == "actor_1: 3 accounts, looks like harvesting to train a model"
    assert "1,234 requests and 567,890 output tokens in 28 days, 26 an account" in note.who
    assert "known since 2026-03-01. Linked by rare templates (2)." in note.who
    assert note.why == ("They share templates. (+2.50)",)
    assert note.against == ("They keep a day. (-0.70, resale -0.20)",)
    assert "expert prior" in note.how_sure
    assert note.otherwise == ("a class (the same prompts)",)
    assert note.next_step == "Review by 2026-03-12, suggested clause tou-3.2-model-training; chosen by score."


def test_a_release_of_an_earlier_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"lacks what the notes .*link_kinds.*: run a night with this version"):
        _note(tmp_path, "alter table actors drop column link_kinds")


def test_members_linked_by_behaviour_alone_are_no_basis(tmp_path: Path) -> None:
    assert "Nobody may be acted on for being a member" in _note(tmp_path).who


def test_an_actor_whose_links_are_gone_says_so(tmp_path: Path) -> None:
    assert "Linked by nothing any more. " in _note(tmp_path, "update actors set link_kinds = null").who


def test_colleagues_are_named_where_an_organisation_is_shared(tmp_path: Path) -> None:
    note = _note(tmp_path, "update actors set link_kinds = 'rare_template 3, organization 2'")
    assert "Linked by rare templates (3), organisations (2). " in note.who
    assert "No two of them share an organisation" not in note.who
    assert note.otherwise[1] == "colleagues of one organisation (one organisation)"


@pytest.mark.parametrize(
    ("as_of_date", "says"), [("2026-03-11", "Review by 2026-03-12"), ("2026-03-12", "Review was due on 2026-03-12")]
)
def test_a_review_that_is_late_says_so(tmp_path: Path, as_of_date: str, says: str) -> None:
    note = _note(tmp_path, f"update review_queue set as_of_date = date '{as_of_date}'")
    assert note.next_step.startswith(says)


@pytest.mark.parametrize(("selection", "probability"), [("audit_flagged", 0.2), ("audit_unflagged", 0.01)])
def test_an_audit_draw_claims_nothing_in_its_headline(tmp_path: Path, selection: str, probability: float) -> None:
    note = _note(tmp_path, f"update review_queue set selection = '{selection}', selection_probability = {probability}")
    assert note.headline == "actor_1: 3 accounts, drawn for audit"
    assert f"drawn with probability {probability}" in note.next_step
