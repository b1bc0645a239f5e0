-- A small sound warehouse: every published table, and what the mart gate compares them with.
create schema computed;
create table computed.scores (anything integer);
create table accounts as select * from (values ('a1', 'active', 'free'), ('a2', 'active', 'pro')) as t(account_id, status, tier);
create table account_days as select * from (values
    ('a1', date '2026-02-28', 'api', '', 10, 100, 50), ('a2', date '2026-03-01', 'partner_cloud', 'p', 5, 40, 30)
) as t(account_id, activity_date, surface, partner, request_count, input_tokens, output_tokens);
create table int_usage__account_days as select activity_date, request_count, input_tokens, output_tokens from account_days;
create table usage_days as select activity_date, surface, partner, tier, 'DE' as declared_country, 'individual' as account_type,
    1 as account_count, request_count, input_tokens, output_tokens from account_days inner join accounts using (account_id);
create table account_features as select * from (values (date '2026-03-01', 'a1', 0.5, 3), (date '2026-03-01', 'a2', 0, 9))
    as t(as_of_date, account_id, failed_share_7d, request_count_28d);
create table account_links as select date '2026-03-01' as as_of_date, 'a1' as account_id_a, 'a2' as account_id_b,
    'device' as link_kind, 3.5 as weight, date '2026-02-01' as first_seen_on, date '2026-03-01' as last_seen_on;
create table actors as select date '2026-03-01' as as_of_date, 'actor_1' as actor_id, 2 as account_count,
    2 as actionable_account_count, 0.1 as mixture_share;
create table actor_members as select date '2026-03-01' as as_of_date, 'actor_1' as actor_id, account_id,
    date '2026-02-20' as joined_on, 0.9 as membership_strength, 0.4 as own_evidence,
    'act' as basis from accounts;
create table actor_events as select date '2026-03-01' as as_of_date, 'actor_1' as actor_id, 'born' as event,
    cast(null as varchar) as other_actor_id;
create table score_priors as select * from (values ('account', 1, -6.9068), ('actor', 1, -3.8918))
    as t(subject_type, ruleset_version, prior_log_odds);
create table signal_hits as select date '2026-03-01' as as_of_date, subject_type, subject_id, signal_id, 1 as signal_version,
    'active' as status, cast(evidence as decimal(9, 4)) as evidence, cast(contribution as decimal(9, 4)) as contribution,
    cast(0.5 as decimal(9, 4)) as resale_evidence
from (values ('account', 'a1', 'volume', 2.0, 1.5), ('account', 'a1', 'contract', -1.0, -1.0), ('actor', 'actor_1', 'load', 3, 3))
    as t(subject_type, subject_id, signal_id, evidence, contribution);
create table signal_coverage as select date '2026-03-01' as as_of_date, 'volume' as signal_id, 2 as computable_count,
    0 as partly_count, 0 as not_computable_count;
create table scores as select date '2026-03-01' as as_of_date, subject_type, subject_id,
    cast(log_odds as decimal(9, 4)) as log_odds, 1 / (1 + exp(-log_odds)) as score, 1 / (1 + exp(1 - log_odds)) as lower,
    1 / (1 + exp(-1 - log_odds)) as upper, 0.2 as resale_score, 0.1 as resale_lower, 0.3 as resale_upper,
    '1' as ruleset_version, '[]' as reasons, 0.8 as coverage_share
from (values ('account', 'a1', -6.4068), ('account', 'a2', -6.9068), ('actor', 'actor_1', -0.8918))
    as t(subject_type, subject_id, log_odds);
create table review_queue as select date '2026-03-01' as as_of_date, 'lead_' || subject_id as lead_id, subject_type, subject_id,
    row_number() over (order by subject_id) as priority, 'its load is even' as why, timestamp '2026-03-04' as due_at,
    selection, probability as selection_probability, external_lead_id
from (values ('actor', 'actor_1', 'score', null, null), ('account', 'a2', 'audit_unflagged', 0.5, null),
    ('external', 'x1', 'external', null, 'x1')) as t(subject_type, subject_id, selection, probability, external_lead_id);
create table reviews as select 'r1' as review_id, 'lead_a1' as lead_id, 'violation' as verdict, 'violation' as label;
create table actions as select 'e1' as action_id, 'c1' as case_id, 'a1' as account_id, 'warning' as action_type, 'api' as surface,
    timestamp '2026-02-01' as decided_at, true as is_known_account;
create table appeals as select 'p1' as appeal_id, 'e1' as action_id, timestamp '2026-02-02' as filed_at, true as is_known_action,
    24.0 as hours_action_to_filed;
create table referrals as select 'f1' as referral_id, 'c1' as case_id, 'p' as partner, timestamp '2026-02-02' as sent_at;
create table escalations as select 's1' as escalation_id, 'c1' as case_id, 'legal' as channel, timestamp '2026-02-02' as sent_at;
create table assessments as select 'm1' as assessment_id, 'c1' as case_id, 'legal' as assessor_role, 'scale' as rubric_line,
    2 as grade;
create table attributions as select 'b1' as attribution_id, 'actor_1' as actor_id, 1 as version, timestamp '2026-02-02' as stated_at,
    0.5 as confidence;
create table cases as select 'c1' as case_id;
create table enforcement_metrics as select * from (values
    ('queue_precision', 'all', 'all', 0.5, 0.3, 0.7, 20, 'wilson'), ('return_survival', 'all', 'day=7', null, null, null, 2, 'km'),
    ('displacement_share', 'all', 'days=7', -0.003, -0.05, 0.05, 11, 'bootstrap')
) as t(metric, period, slice, value, lower, upper, n, method);
create table signal_performance as select 'volume' as signal_id, cast(null as varchar) as ruleset_version, 'all' as group_kind,
    'all' as group_value, 0.1 as base_rate, 0.5 as precision, 0.2 as precision_lower, 0.8 as precision_upper, 0.5 as present_weight,
    0.2 as recommended_weight, 0.1 as recommended_weight_lower, 0.3 as recommended_weight_upper,
    'lower the weight' as recommended_change;
create table tactic_coverage as select 'corpus_walk' as tactic, 'api' as surface, true as is_registered, 'a report' as source,
    date '2026-01-01' as entered_on, date '2026-01-02' as first_covered_on, 2 as reviewed_count, 1 as confirmed_count, 0.5 as precision,
    0.1 as precision_lower, 0.9 as precision_upper;
create table recommendations as select 'n1' as recommendation_id, 'signal' as about, 'all' as group_kind, 'detection' as owner,
    'adopted' as state, 'x' as evidence, 'role' as decided_by, 'signal' as adopted_in_kind, '2' as adopted_in,
    0.5 as effect_before, 0.3 as effect_before_lower, 0.7 as effect_before_upper, 0.6 as effect_after, 0.4 as effect_after_lower,
    0.8 as effect_after_upper, 'measured' as effect_state;
create table quarantine as select 'usage_requests' as table_name, 'future' as reason, date '2026-03-01' as first_seen_on,
    cast(null as date) as released_at;
create table int_quarantine__intake as select 'usage_requests' as table_name, date '2026-03-01' as arrived_on,
    43 as delivered_count, 40 as accepted_count, 2 as repeated_count, 1 as quarantined_count;
create table framework_calendar as select 1 as framework_version, 1 as rubric_version, date '2026-01-01' as valid_from, 'first' as reason;
create table policy_clauses as select 'k' as policy_clause_id, 1 as clause_version, 'terms' as kind, 'Title' as title,
    'What the clause says.' as clause_text, date '2026-01-01' as valid_from;
create table policy_clause_elements as select 'k' as policy_clause_id, 1 as clause_version, 'scale' as element_id,
    'More than needed' as element, 'Volume' as shown_by;
create table rubric_lines as select 1 as rubric_version, 'scale' as rubric_line, 1.0 as weight, false as is_gate,
    'How much?' as question, 'policy' as assessor_role;
create table escalation_paths as select 1 as framework_version, 'p' as path_id, 'terms' as clause_kind, 'B' as minimum_grade,
    10 as minimum_account_count, 'legal' as channel, 5 as due_days;
create table partners as select 'p' as partner, 1 as partner_version, 'partner_cloud' as surface, 'suspension' as action_types,
    'account_id' as accepted_identifiers, 7 as response_days, date '2026-01-01' as valid_from;
create table review_questions as select 1 as framework_version, 'any' as tactic_id, 'fits' as question_id, 'Does it fit?' as question,
    'yes_no_unknown' as answer_kind;
create table framework_replays as select 'c1' as case_id, unnest([1, 2]) as framework_version, framework_version = 1 as is_own_version,
    'B' as strength_grade, 'B' as best_grade;
create table case_events as select 'c1' as case_id, timestamp '2026-02-01' as event_at, 'action_decided' as event, 'action' as record_kind,
    'e1' as record_id, date '2026-02-01' as learned_on, date '2026-02-03' as withdrawn_on;
create table case_precedents as select 'c1' as case_id, 'c0' as precedent_case_id, 1 as precedent_rank, 0.2 as distance,
    false as is_overturned, true as is_support;
create table case_findings as select 'unknown_clause' as finding, 'action' as record_kind, 'e1' as record_id;
create table lookalikes as select 'hackathon' as lookalike_id, 'a hackathon' as title, 'an event' as ruled_out_by;
create table signal_registry as select 'volume' as signal_id, 1 as signal_version, 'bulk_harvesting' as family,
    'bulk_harvesting' as tactic, 'active' as status;
create table corroboration as select 'x1' as corroboration_id, 'account' as subject_type, 'a1' as subject_id, 'watermark' as kind,
    0.5 as strength, timestamp '2026-02-20' as observed_at, 'ref-1' as summary_ref, date '2026-02-20' as state_arrived_on,
    true as is_known_subject;
create table intelligence_matches as select date '2026-03-01' as as_of_date, 'a1' as account_id, 'i1' as indicator_id,
    'device_hash' as indicator_type, 'campaign' as campaign, 'partner' as source, 0.8 as confidence,
    timestamp '2026-02-20' as first_seen_at, null::timestamp as expires_at, 9 as age_days, 0.6 as aged_confidence;
