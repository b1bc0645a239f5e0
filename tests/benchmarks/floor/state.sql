-- what is kept from night to night: integers where a text is only asked whether it equals another, a day's rows in one stretch

create table accounts (
    account_key integer,
    account_id varchar,
    -- false for who sends requests and is in no extract
    is_known boolean,
    created_at timestamp,
    account_type varchar,
    tier varchar,
    declared_country varchar,
    kyc_status varchar,
    email_domain varchar,
    phone_hash bigint,
    device_hash bigint,
    signup_ip_hash bigint,
    email_pattern_hash bigint,
    organization_hash bigint
);

-- a surface, or a partner on it
create table lanes (lane_key utinyint, surface varchar, partner varchar);

create table cards (account_key integer, card bigint, seen_on date);

-- of the days that a late row can still touch
create table request_times (account_key integer, activity_date date, requested_ms bigint);

create table account_day_sums (
    account_key integer,
    activity_date date,
    lane_key utinyint,
    request_count bigint,
    success_count bigint,
    failed_count bigint,
    rate_limited_count bigint,
    input_tokens bigint,
    output_tokens bigint,
    cache_read_input_tokens bigint,
    cache_covered_input_tokens bigint,
    reasoning_output_tokens bigint,
    single_turn_count bigint,
    single_turn_covered_count bigint,
    length_cut_count bigint,
    length_cut_covered_count bigint,
    logprobs_count bigint,
    logprobs_covered_count bigint,
    multiple_choice_count bigint,
    multiple_choice_covered_count bigint,
    tool_request_count bigint,
    tool_request_covered_count bigint,
    elicits_reasoning_count bigint,
    elicits_reasoning_covered_count bigint,
    grades_output_count bigint,
    grades_output_covered_count bigint,
    rewrites_sensitive_count bigint,
    rewrites_sensitive_covered_count bigint,
    end_user_request_count bigint,
    first_requested_at timestamp,
    last_requested_at timestamp
);

create table account_hours (
    account_key integer, activity_date date, hour_of_day utinyint, request_count bigint, rate_limited_count bigint
);

create table cadence_days (
    account_key integer,
    activity_date date,
    gap_count bigint,
    near_median_gap_count bigint,
    gap_ms_sum bigint,
    gap_ms_square_sum decimal(38, 0)
);

create table prompt_days (
    account_key integer,
    activity_date date,
    lane_key utinyint,
    template bigint,
    prompt bigint,
    request_count integer
);

create table template_days (
    account_key integer,
    activity_date date,
    lane_key utinyint,
    template bigint,
    request_count integer,
    single_turn_count integer,
    prompt_request_count integer,
    new_prompt_count integer
);

create table topic_days (account_key integer, activity_date date, topic bigint, request_count integer);

create table language_days (account_key integer, activity_date date, language varchar, request_count integer);

create table model_days (account_key integer, activity_date date, request_model varchar, request_count integer);

create table end_user_days (account_key integer, activity_date date, end_user bigint, request_count integer);

create table network_days (
    account_key integer,
    activity_date date,
    lane_key utinyint,
    ip_prefix bigint,
    asn bigint,
    country varchar,
    user_agent bigint,
    request_count integer
);

create table setting_days (
    account_key integer,
    activity_date date,
    request_temperature double,
    request_top_p double,
    request_max_tokens integer,
    request_choice_count integer,
    system_prompt bigint,
    request_count integer
);

create table link_kinds as from read_csv(getvariable('seeds') || '/link_kinds.csv');

create table hosting as from read_csv(getvariable('seeds') || '/hosting_networks.csv', types = {'asn': 'bigint'});

create table unsupported as from read_csv(getvariable('seeds') || '/unsupported_regions.csv');
