"""A home with one small release: a lead by score, two audit draws, a lead from outside, and the framework's own seeds."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.publishing.manifest import Manifest, write_manifest

SEEDS = Path(__file__).parents[3] / "seeds/framework"
AS_OF = date(2026, 4, 7)
RELEASE_ID = f"{AS_OF}-0123456789ab"
SCORED, AUDITED, DRAWN, OUTSIDE = "lead_one", "lead_two", "lead_four", "lead_three"
_SEED = "create table {table} as select * from read_csv('{folder}/{seed}.csv', header = true, nullstr = '')"
_TABLES = """
create table review_queue as select * from (values
    (1, 'lead_one', 'actor', 'actor_1', 'score', 'They share templates.', 'tou-3.2-model-training', null, 'flagged'),
    (2, 'lead_two', 'actor', 'actor_2', 'audit_flagged', 'They share templates.', 'tou-3.2-model-training', 0.2, 'flagged'),
    (3, 'lead_three', 'external', 'xl_1', 'external', 'Reported from outside.', null, null, null),
    (4, 'lead_four', 'account', 'acct_9', 'audit_unflagged', 'Drawn at random.', null, 0.01, 'account/free')
) as q (priority, lead_id, subject_type, subject_id, selection, why, suggested_clause, selection_probability, stratum);
alter table review_queue add column as_of_date date default date '2026-04-07';
alter table review_queue add column due_at timestamp default timestamp '2026-04-12';
alter table review_queue add column evidence_signature varchar default '';
create table scores as select 'actor' as subject_type, unnest(['actor_1', 'actor_2']) as subject_id, 1.5 as log_odds,
    0.8 as score, 0.5 as lower, 0.9 as upper, 0.1 as resale_score, -2.0 as resale_log_odds, 0.0 as resale_lower,
    0.2 as resale_upper, 'distiller' as role, 'expert prior' as calibration_status, 0.9 as coverage_share,
    '[{"signal_id":"sig_t","contribution":2.5,"resale_contribution":0.0,"text":"They share templates."}]' as reasons;
create table actors as select unnest(['actor_1', 'actor_2']) as actor_id, 3 as account_count, 0 as actionable_account_count,
    1234 as request_count_28d, 567890 as output_tokens_28d, 26.0 as requests_per_active_account_day_28d, 0.9 as mixture_share,
    'rare_template 2' as link_kinds;
create table actor_members as select 'actor_1' as actor_id, unnest(['a', 'b', 'c']) as account_id, date '2026-03-01' as joined_on;
create table signal_registry as select * from (values
    ('sig_t', 'templated_extraction', 'colleagues, classroom'), ('sig_m', 'authorised_use', ''))
    as registry (signal_id, tactic, lookalikes);
create table signal_hits as select 'actor' as subject_type, unnest(['actor_1', 'actor_2']) as subject_id, 'sig_t' as signal_id,
    2.5 as contribution, 0.0 as resale_contribution
    union all select 'actor', 'actor_1', 'sig_m', -1.0, -1.0;
create table lookalikes as select * from (values
    ('colleagues', 'colleagues of one organisation', 'one organisation'), ('classroom', 'a class', 'the same prompts'),
    ('hackathon', 'a hackathon', 'an event')) as l (lookalike_id, title, ruled_out_by);
create table review_questions as select v.framework_version, q.tactic_id, q.question_id, q.question, q.answer_kind
    from framework_calendar as v inner join questions as q on v.framework_version >= q.first_framework_version;
create table reviews (review_id varchar, lead_id varchar, reviewer_hash bigint, decided_at timestamp, is_second_review boolean)
"""


def write_home(root: Path) -> Path:
    """Write the home's releases and return the folder `published`."""
    release = root / "published" / RELEASE_ID
    release.mkdir(parents=True)
    with duckdb.connect(str(release / "marts.duckdb")) as marts:
        for table, seed in {
            "framework_calendar": "framework_versions",
            "policy_clauses": "policy_clause_versions",
            "policy_clause_elements": "policy_clause_element_versions",
            "questions": "review_question_versions",
        }.items():
            marts.execute(_SEED.format(table=table, folder=SEEDS, seed=seed))
        for statement in _TABLES.split(";"):
            marts.execute(statement)
    manifest = Manifest(
        release_id=RELEASE_ID, as_of_date=AS_OF, content_hash="h", contract_version=1, schema_version=1, code_revision="c",
        ruleset_version="1", calibration_status="expert prior", ids_rekeyed=False, inputs=(), parts=(), tables={}, gates=(),
        quarantined={}, supersedes=None,
    )  # fmt: skip
    write_manifest(manifest, release)
    (release.parent / "current").symlink_to(RELEASE_ID)
    return release.parent


def fill(form: dict[str, Any], outcome: str, **decision: Any) -> dict[str, Any]:
    """Fill a form as a careful reviewer would; `decision` overrides fields of the decision."""
    for question in form["questions"]:
        question["answer"] = {"share": 0.5, "text_ref": "ref-1"}.get(question["answer_kind"], True)
    for lookalike in form["lookalikes"]:
        lookalike |= {"ruled_out": outcome == "violation", "because": "Not seen."}
    for clause in form["clauses"]:
        for element in clause["elements"]:
            element["shown"] = "yes"
    told: dict[str, Any] = {"verdict": outcome, "opened_at": "2026-04-08T09:00:00Z", "decided_at": "2026-04-08T10:00:00Z"}
    told |= {
        "violation": {
            "policy_clause_id": "tou-3.2-model-training", "tactic_id": "templated_extraction", "role": "distiller",
            "confidence": 0.9,
        },
        "benign": {"lookalike_id": form["lookalikes"][0]["lookalike_id"], "role": "benign"},
        "insufficient": {"missing": "The billing table is late."},
    }[outcome]  # fmt: skip
    form["decision"] |= told | decision
    return form


def read(path: Path) -> dict[str, Any]:
    """Read a form as plain data."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def write(path: Path, form: Any) -> Path:
    """Write a form as plain data."""
    path.write_text(yaml.dump(form, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    return path
