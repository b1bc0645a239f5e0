-- What Python steps between dbt selections write: dbt source `computed`. And lists from packages and the installation: `reference`.
create schema if not exists computed;
create schema if not exists reference;
create table if not exists reference.disposable_email_domains (domain varchar, entered_on date, removed_on date);
create table if not exists reference.own_hosting_networks (asn bigint, entered_on date, removed_on date);
create table if not exists computed.actor_members (
    as_of_date date, account_key bigint, account_id varchar, actor_id varchar, joined_on date,
    membership_strength double, link_kind_count bigint, nonbehavioural_kind_count bigint, basis varchar
);
create table if not exists computed.actor_events (
    as_of_date date, actor_id varchar, event varchar, other_actor_id varchar
);
create table if not exists computed.review_queue (
    as_of_date date, lead_id varchar, subject_type varchar, subject_id varchar, priority bigint, why varchar,
    suggested_clause varchar, due_at timestamp, severity varchar, selection varchar, stratum varchar,
    selection_probability double, external_lead_id varchar, first_queued_on date, evidence_signature varchar,
    expected_harm double
);
create table if not exists computed.metric_values (
    metric varchar, period varchar, slice varchar, value double, lower double, upper double, n bigint, method varchar,
    immature boolean
);
create table if not exists computed.signal_weights (
    signal_id varchar, signal_version bigint, fired_count bigint, fired_violation_count bigint, other_count bigint,
    other_violation_count bigint, slope double, slope_lower double, slope_upper double, p_value double,
    adjusted_p_value double, is_significant boolean, refusal varchar
);
create table if not exists computed.signal_groups (
    signal_id varchar, signal_version bigint, group_kind varchar, group_value varchar, fired_count bigint,
    other_count bigint, fired_precision double, other_precision double, p_value double, adjusted_p_value double,
    is_significant boolean
);
