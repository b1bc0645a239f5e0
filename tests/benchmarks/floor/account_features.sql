-- the columns of account_features that come of usage, and what accounts hold, which links are made of too

create or replace temp table held_templates as
select
    account_key,
    template,
    sum(request_count) as request_count,
    sum(single_turn_count) as single_turn_count,
    sum(prompt_request_count) as prompt_request_count,
    sum(new_prompt_count) as new_prompt_count,
    min(activity_date) as first_seen_on,
    max(activity_date) as last_seen_on
from template_days
where activity_date between getvariable('day') - 27 and getvariable('day')
group by account_key, template;

create or replace temp table held_networks as
select
    account_key,
    ip_prefix,
    sum(request_count) as request_count,
    min(activity_date) as first_seen_on,
    max(activity_date) as last_seen_on
from network_days
where activity_date between getvariable('day') - 27 and getvariable('day') and ip_prefix is not null
group by account_key, ip_prefix;

create or replace temp table held_clients as
select
    account_key,
    user_agent,
    sum(request_count) as request_count,
    min(activity_date) as first_seen_on,
    max(activity_date) as last_seen_on
from network_days
where activity_date between getvariable('day') - 27 and getvariable('day') and user_agent is not null
group by account_key, user_agent;

create or replace temp table held_settings as
select
    account_key,
    request_temperature,
    request_top_p,
    request_max_tokens,
    request_choice_count,
    sum(request_count) as request_count,
    min(activity_date) as first_seen_on,
    max(activity_date) as last_seen_on
from setting_days
where activity_date between getvariable('day') - 27 and getvariable('day') and (request_temperature is not null or request_max_tokens is not null)
group by account_key, request_temperature, request_top_p, request_max_tokens, request_choice_count;

create or replace temp table usage_windows as
with

by_lane as (

    select
        account_key,
        lane_key,
        sum(case when activity_date = getvariable('day') then request_count end) as request_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then request_count end) as request_count_7d,
        sum(request_count) as request_count_28d,
        sum(case when activity_date = getvariable('day') then success_count end) as success_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then success_count end) as success_count_7d,
        sum(success_count) as success_count_28d,
        sum(case when activity_date = getvariable('day') then rate_limited_count end) as rate_limited_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then rate_limited_count end) as rate_limited_count_7d,
        sum(rate_limited_count) as rate_limited_count_28d,
        sum(case when activity_date = getvariable('day') then input_tokens end) as input_tokens_1d,
        sum(case when activity_date > getvariable('day') - 7 then input_tokens end) as input_tokens_7d,
        sum(input_tokens) as input_tokens_28d,
        sum(case when activity_date = getvariable('day') then output_tokens end) as output_tokens_1d,
        sum(case when activity_date > getvariable('day') - 7 then output_tokens end) as output_tokens_7d,
        sum(output_tokens) as output_tokens_28d,
        sum(case when activity_date = getvariable('day') then cache_read_input_tokens end) as cache_read_input_tokens_1d,
        sum(case when activity_date > getvariable('day') - 7 then cache_read_input_tokens end) as cache_read_input_tokens_7d,
        sum(cache_read_input_tokens) as cache_read_input_tokens_28d,
        sum(case when activity_date = getvariable('day') then cache_covered_input_tokens end) as cache_covered_input_tokens_1d,
        sum(case when activity_date > getvariable('day') - 7 then cache_covered_input_tokens end) as cache_covered_input_tokens_7d,
        sum(cache_covered_input_tokens) as cache_covered_input_tokens_28d,
        sum(case when activity_date = getvariable('day') then reasoning_output_tokens end) as reasoning_output_tokens_1d,
        sum(case when activity_date > getvariable('day') - 7 then reasoning_output_tokens end) as reasoning_output_tokens_7d,
        sum(reasoning_output_tokens) as reasoning_output_tokens_28d,
        sum(case when activity_date = getvariable('day') then single_turn_count end) as single_turn_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then single_turn_count end) as single_turn_count_7d,
        sum(single_turn_count) as single_turn_count_28d,
        sum(case when activity_date = getvariable('day') then single_turn_covered_count end) as single_turn_covered_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then single_turn_covered_count end) as single_turn_covered_count_7d,
        sum(single_turn_covered_count) as single_turn_covered_count_28d,
        sum(case when activity_date = getvariable('day') then length_cut_count end) as length_cut_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then length_cut_count end) as length_cut_count_7d,
        sum(length_cut_count) as length_cut_count_28d,
        sum(case when activity_date = getvariable('day') then length_cut_covered_count end) as length_cut_covered_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then length_cut_covered_count end) as length_cut_covered_count_7d,
        sum(length_cut_covered_count) as length_cut_covered_count_28d,
        sum(case when activity_date = getvariable('day') then logprobs_count end) as logprobs_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then logprobs_count end) as logprobs_count_7d,
        sum(logprobs_count) as logprobs_count_28d,
        sum(case when activity_date = getvariable('day') then logprobs_covered_count end) as logprobs_covered_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then logprobs_covered_count end) as logprobs_covered_count_7d,
        sum(logprobs_covered_count) as logprobs_covered_count_28d,
        sum(case when activity_date = getvariable('day') then multiple_choice_count end) as multiple_choice_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then multiple_choice_count end) as multiple_choice_count_7d,
        sum(multiple_choice_count) as multiple_choice_count_28d,
        sum(case when activity_date = getvariable('day') then multiple_choice_covered_count end) as multiple_choice_covered_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then multiple_choice_covered_count end) as multiple_choice_covered_count_7d,
        sum(multiple_choice_covered_count) as multiple_choice_covered_count_28d,
        sum(case when activity_date = getvariable('day') then tool_request_count end) as tool_request_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then tool_request_count end) as tool_request_count_7d,
        sum(tool_request_count) as tool_request_count_28d,
        sum(case when activity_date = getvariable('day') then tool_request_covered_count end) as tool_request_covered_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then tool_request_covered_count end) as tool_request_covered_count_7d,
        sum(tool_request_covered_count) as tool_request_covered_count_28d,
        sum(case when activity_date = getvariable('day') then elicits_reasoning_count end) as elicits_reasoning_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then elicits_reasoning_count end) as elicits_reasoning_count_7d,
        sum(elicits_reasoning_count) as elicits_reasoning_count_28d,
        sum(case when activity_date = getvariable('day') then elicits_reasoning_covered_count end) as elicits_reasoning_covered_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then elicits_reasoning_covered_count end) as elicits_reasoning_covered_count_7d,
        sum(elicits_reasoning_covered_count) as elicits_reasoning_covered_count_28d,
        sum(case when activity_date = getvariable('day') then grades_output_count end) as grades_output_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then grades_output_count end) as grades_output_count_7d,
        sum(grades_output_count) as grades_output_count_28d,
        sum(case when activity_date = getvariable('day') then grades_output_covered_count end) as grades_output_covered_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then grades_output_covered_count end) as grades_output_covered_count_7d,
        sum(grades_output_covered_count) as grades_output_covered_count_28d,
        sum(case when activity_date = getvariable('day') then rewrites_sensitive_count end) as rewrites_sensitive_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then rewrites_sensitive_count end) as rewrites_sensitive_count_7d,
        sum(rewrites_sensitive_count) as rewrites_sensitive_count_28d,
        sum(case when activity_date = getvariable('day') then rewrites_sensitive_covered_count end) as rewrites_sensitive_covered_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then rewrites_sensitive_covered_count end) as rewrites_sensitive_covered_count_7d,
        sum(rewrites_sensitive_covered_count) as rewrites_sensitive_covered_count_28d,
        sum(case when activity_date = getvariable('day') then end_user_request_count end) as end_user_request_count_1d,
        sum(case when activity_date > getvariable('day') - 7 then end_user_request_count end) as end_user_request_count_7d,
        sum(end_user_request_count) as end_user_request_count_28d,
        -- a bit for every active day
        bit_or(1 << (getvariable('day') - activity_date)) as active_days
    from account_day_sums
    where activity_date between getvariable('day') - 27 and getvariable('day')
    group by account_key, lane_key

),

by_surface as (

    select by_lane.account_key, lanes.surface, sum(by_lane.request_count_28d) as request_count
    from by_lane
    inner join lanes on by_lane.lane_key = lanes.lane_key
    group by by_lane.account_key, lanes.surface

),

main_surfaces as (

    select account_key, min_by(surface, (-request_count, surface)) as main_surface
    from by_surface
    group by account_key

),

by_account as (

    select
        account_key,
        cast(sum(request_count_1d) as bigint) as request_count_1d,
        cast(sum(request_count_7d) as bigint) as request_count_7d,
        cast(sum(request_count_28d) as bigint) as request_count_28d,
        cast(sum(success_count_1d) as bigint) as success_count_1d,
        cast(sum(success_count_7d) as bigint) as success_count_7d,
        cast(sum(success_count_28d) as bigint) as success_count_28d,
        cast(sum(rate_limited_count_1d) as bigint) as rate_limited_count_1d,
        cast(sum(rate_limited_count_7d) as bigint) as rate_limited_count_7d,
        cast(sum(rate_limited_count_28d) as bigint) as rate_limited_count_28d,
        cast(sum(input_tokens_1d) as bigint) as input_tokens_1d,
        cast(sum(input_tokens_7d) as bigint) as input_tokens_7d,
        cast(sum(input_tokens_28d) as bigint) as input_tokens_28d,
        cast(sum(output_tokens_1d) as bigint) as output_tokens_1d,
        cast(sum(output_tokens_7d) as bigint) as output_tokens_7d,
        cast(sum(output_tokens_28d) as bigint) as output_tokens_28d,
        cast(sum(cache_read_input_tokens_1d) as bigint) as cache_read_input_tokens_1d,
        cast(sum(cache_read_input_tokens_7d) as bigint) as cache_read_input_tokens_7d,
        cast(sum(cache_read_input_tokens_28d) as bigint) as cache_read_input_tokens_28d,
        cast(sum(cache_covered_input_tokens_1d) as bigint) as cache_covered_input_tokens_1d,
        cast(sum(cache_covered_input_tokens_7d) as bigint) as cache_covered_input_tokens_7d,
        cast(sum(cache_covered_input_tokens_28d) as bigint) as cache_covered_input_tokens_28d,
        cast(sum(reasoning_output_tokens_1d) as bigint) as reasoning_output_tokens_1d,
        cast(sum(reasoning_output_tokens_7d) as bigint) as reasoning_output_tokens_7d,
        cast(sum(reasoning_output_tokens_28d) as bigint) as reasoning_output_tokens_28d,
        cast(sum(single_turn_count_1d) as bigint) as single_turn_count_1d,
        cast(sum(single_turn_count_7d) as bigint) as single_turn_count_7d,
        cast(sum(single_turn_count_28d) as bigint) as single_turn_count_28d,
        cast(sum(single_turn_covered_count_1d) as bigint) as single_turn_covered_count_1d,
        cast(sum(single_turn_covered_count_7d) as bigint) as single_turn_covered_count_7d,
        cast(sum(single_turn_covered_count_28d) as bigint) as single_turn_covered_count_28d,
        cast(sum(length_cut_count_1d) as bigint) as length_cut_count_1d,
        cast(sum(length_cut_count_7d) as bigint) as length_cut_count_7d,
        cast(sum(length_cut_count_28d) as bigint) as length_cut_count_28d,
        cast(sum(length_cut_covered_count_1d) as bigint) as length_cut_covered_count_1d,
        cast(sum(length_cut_covered_count_7d) as bigint) as length_cut_covered_count_7d,
        cast(sum(length_cut_covered_count_28d) as bigint) as length_cut_covered_count_28d,
        cast(sum(logprobs_count_1d) as bigint) as logprobs_count_1d,
        cast(sum(logprobs_count_7d) as bigint) as logprobs_count_7d,
        cast(sum(logprobs_count_28d) as bigint) as logprobs_count_28d,
        cast(sum(logprobs_covered_count_1d) as bigint) as logprobs_covered_count_1d,
        cast(sum(logprobs_covered_count_7d) as bigint) as logprobs_covered_count_7d,
        cast(sum(logprobs_covered_count_28d) as bigint) as logprobs_covered_count_28d,
        cast(sum(multiple_choice_count_1d) as bigint) as multiple_choice_count_1d,
        cast(sum(multiple_choice_count_7d) as bigint) as multiple_choice_count_7d,
        cast(sum(multiple_choice_count_28d) as bigint) as multiple_choice_count_28d,
        cast(sum(multiple_choice_covered_count_1d) as bigint) as multiple_choice_covered_count_1d,
        cast(sum(multiple_choice_covered_count_7d) as bigint) as multiple_choice_covered_count_7d,
        cast(sum(multiple_choice_covered_count_28d) as bigint) as multiple_choice_covered_count_28d,
        cast(sum(tool_request_count_1d) as bigint) as tool_request_count_1d,
        cast(sum(tool_request_count_7d) as bigint) as tool_request_count_7d,
        cast(sum(tool_request_count_28d) as bigint) as tool_request_count_28d,
        cast(sum(tool_request_covered_count_1d) as bigint) as tool_request_covered_count_1d,
        cast(sum(tool_request_covered_count_7d) as bigint) as tool_request_covered_count_7d,
        cast(sum(tool_request_covered_count_28d) as bigint) as tool_request_covered_count_28d,
        cast(sum(elicits_reasoning_count_1d) as bigint) as elicits_reasoning_count_1d,
        cast(sum(elicits_reasoning_count_7d) as bigint) as elicits_reasoning_count_7d,
        cast(sum(elicits_reasoning_count_28d) as bigint) as elicits_reasoning_count_28d,
        cast(sum(elicits_reasoning_covered_count_1d) as bigint) as elicits_reasoning_covered_count_1d,
        cast(sum(elicits_reasoning_covered_count_7d) as bigint) as elicits_reasoning_covered_count_7d,
        cast(sum(elicits_reasoning_covered_count_28d) as bigint) as elicits_reasoning_covered_count_28d,
        cast(sum(grades_output_count_1d) as bigint) as grades_output_count_1d,
        cast(sum(grades_output_count_7d) as bigint) as grades_output_count_7d,
        cast(sum(grades_output_count_28d) as bigint) as grades_output_count_28d,
        cast(sum(grades_output_covered_count_1d) as bigint) as grades_output_covered_count_1d,
        cast(sum(grades_output_covered_count_7d) as bigint) as grades_output_covered_count_7d,
        cast(sum(grades_output_covered_count_28d) as bigint) as grades_output_covered_count_28d,
        cast(sum(rewrites_sensitive_count_1d) as bigint) as rewrites_sensitive_count_1d,
        cast(sum(rewrites_sensitive_count_7d) as bigint) as rewrites_sensitive_count_7d,
        cast(sum(rewrites_sensitive_count_28d) as bigint) as rewrites_sensitive_count_28d,
        cast(sum(rewrites_sensitive_covered_count_1d) as bigint) as rewrites_sensitive_covered_count_1d,
        cast(sum(rewrites_sensitive_covered_count_7d) as bigint) as rewrites_sensitive_covered_count_7d,
        cast(sum(rewrites_sensitive_covered_count_28d) as bigint) as rewrites_sensitive_covered_count_28d,
        cast(sum(end_user_request_count_1d) as bigint) as end_user_request_count_1d,
        cast(sum(end_user_request_count_7d) as bigint) as end_user_request_count_7d,
        cast(sum(end_user_request_count_28d) as bigint) as end_user_request_count_28d,
        bit_count(bit_or(active_days)) as active_day_count_28d,
        count(*) as surface_distinct_count_28d
    from by_lane
    group by account_key

)

select by_account.*, main_surfaces.main_surface
from by_account
inner join main_surfaces on by_account.account_key = main_surfaces.account_key;

create or replace temp table account_features as
with

hosting_networks as (

    select distinct asn from hosting

),

hour_rows as (

    select * from account_hours where activity_date between getvariable('day') - 27 and getvariable('day')

),

hours_limited as (

    select account_key, count(*) as active_hour_count, count_if(rate_limited_count > 0) as limited_hour_count
    from hour_rows
    group by account_key

),

profile as (

    select account_key, hour_of_day, sum(request_count) as request_count
    from hour_rows
    group by account_key, hour_of_day

),

-- every request has an hour, so the account's requests are the total
hours as (

    select
        account_key,
        count(*) as active_hour_of_day_count,
        sum(request_count) as total_request_count,
        -- hours without a request are the quietest
        list_sum(list_sort(list(request_count))[:greatest(0, count(*) - 16)]) as quiet_request_count,
        greatest(0, round(ln(sum(request_count)) - cast(sum(cast(request_count * ln(request_count) as decimal(18, 6))) as double) / sum(request_count), 6)) as hour_entropy
    from profile
    group by account_key

),

cadence as (

    select
        account_key,
        sum(gap_count) as gap_count,
        sum(near_median_gap_count) as near_median_gap_count,
        cast(sum(gap_ms_sum) as double) as gap_ms_sum,
        cast(sum(gap_ms_square_sum) as double) as gap_ms_square_sum
    from cadence_days
    where activity_date between getvariable('day') - 27 and getvariable('day')
    group by account_key

),

templates as (

    select
        account_key,
        count(template) as prompt_template_distinct_count,
        sum(template_request_count) as template_request_count,
        max(template_request_count) as top_template_request_count,
        sum(case
            when request_count >= 10 and single_turn_count >= 0.9 * request_count and new_prompt_count >= 0.9 * request_count
                then template_request_count
            else 0
        end) as slot_filled_request_count,
        case when sum(template_request_count) > 0 then greatest(0, round(ln(sum(template_request_count)) - cast(sum(cast(template_request_count * ln(template_request_count) as decimal(18, 6))) as double) / sum(template_request_count), 6)) end as template_entropy,
        sum(prompt_request_count) as prompt_request_count,
        sum(new_prompt_count) as new_prompt_count
    from (
        select *, case when template is not null then request_count end as template_request_count from held_templates
    ) as held
    group by account_key

),

held_topics as (

    select account_key, topic, sum(request_count) as request_count, count(*) as topic_day_count
    from topic_days
    where activity_date between getvariable('day') - 27 and getvariable('day')
    group by account_key, topic

),

topics as (

    select
        account_key,
        count(*) as topic_distinct_count,
        sum(request_count) as topic_request_count,
        greatest(0, round(ln(sum(request_count)) - cast(sum(cast(request_count * ln(request_count) as decimal(18, 6))) as double) / sum(request_count), 6)) as topic_entropy,
        sum(topic_day_count) / cast(count(*) as double) as days_per_topic
    from held_topics
    group by account_key

),

settings as (

    select
        account_key,
        count(*) as parameter_set_distinct_count,
        max(request_count) / cast(sum(request_count) as double) as top_parameter_set_share,
        count(distinct request_temperature) as temperature_distinct_count
    from held_settings
    group by account_key

),

network_counts as (

    select account_key, count(*) as ip_prefix_distinct_count, sum(request_count) as request_count
    from held_networks
    group by account_key

),

client_counts as (

    select account_key, count(*) as user_agent_distinct_count from held_clients group by account_key

),

-- where requests came from: what an account's places say of it, and which of them are new this week
placed as (

    select
        network_days.account_key,
        lanes.surface in ('api', 'partner_cloud') and network_days.asn is not null and network_days.country is not null
            as is_by_key,
        network_days.asn,
        network_days.country,
        sum(network_days.request_count) as request_count,
        sum(case when network_days.activity_date > getvariable('day') - 7 then network_days.request_count end)
            as recent_request_count,
        bit_or(case when network_days.activity_date <= getvariable('day') - 7
            then 1 << (getvariable('day') - network_days.activity_date) end) as settled_days
    from network_days
    inner join lanes on network_days.lane_key = lanes.lane_key
    where activity_date between getvariable('day') - 27 and getvariable('day')
    group by network_days.account_key, is_by_key, network_days.asn, network_days.country

),

place_shares as (

    select
        placed.account_key,
        nullif(count(distinct placed.country), 0) as country_distinct_count,
        sum(case when hosting_networks.asn is not null then placed.request_count else 0 end)
            / cast(nullif(sum(case when placed.asn is not null then placed.request_count end), 0) as double) as hosting_share,
        sum(case when placed.country <> accounts.declared_country then placed.request_count else 0 end)
            / cast(nullif(sum(case
                when placed.country is not null and accounts.declared_country is not null then placed.request_count
            end), 0) as double) as undeclared_country_share,
        sum(case when unsupported.country is not null then placed.request_count else 0 end)
            / cast(nullif(sum(case when placed.country is not null then placed.request_count end), 0) as double)
            as unsupported_region_share
    from placed
    inner join accounts on placed.account_key = accounts.account_key
    left join hosting_networks on placed.asn = hosting_networks.asn
    left join unsupported on placed.country = unsupported.country
    group by placed.account_key

),

settled_days as (

    select account_key, bit_count(bit_or(settled_days)) as settled_day_count
    from placed
    where is_by_key and settled_days is not null
    group by account_key

),

settled_networks as (

    select distinct account_key, asn from placed where is_by_key and settled_days is not null

),

settled_countries as (

    select distinct account_key, country from placed where is_by_key and settled_days is not null

),

unfamiliar_use as (

    select
        placed.account_key,
        max(settled_days.settled_day_count) as settled_day_count,
        sum(placed.recent_request_count) as placed_request_count,
        sum(case when settled_networks.asn is null and settled_countries.country is null
            then placed.recent_request_count else 0 end) as unfamiliar_request_count,
        sum(case when settled_networks.asn is not null then placed.recent_request_count else 0 end)
            as familiar_request_count,
        count(distinct case when settled_networks.asn is null and settled_countries.country is null then placed.asn end)
            as unfamiliar_network_count
    from placed
    inner join settled_days on placed.account_key = settled_days.account_key
    left join settled_networks on placed.account_key = settled_networks.account_key and placed.asn = settled_networks.asn
    left join settled_countries
        on placed.account_key = settled_countries.account_key and placed.country = settled_countries.country
    where placed.is_by_key and placed.recent_request_count is not null
    group by placed.account_key

)

select
    getvariable('day') as as_of_date,
    accounts.account_id,
    coalesce(accounts.tier, 'unknown') as tier,
    coalesce(accounts.account_type, 'unknown') as account_type,
    coalesce(accounts.declared_country, 'unknown') as declared_country,
    usage_windows.main_surface,
    concat_ws(
        '/', coalesce(accounts.tier, 'unknown'), coalesce(accounts.account_type, 'unknown'), usage_windows.main_surface
    ) as peer_group,
    coalesce(accounts.tier, 'unknown') as wider_peer_group,
    accounts.is_known as is_known_account,
    accounts.kyc_status,
    accounts.organization_hash is not null as has_organization,
    accounts.created_at,
    usage_windows.request_count_1d,
    usage_windows.request_count_7d,
    usage_windows.request_count_28d,
    usage_windows.success_count_1d,
    usage_windows.success_count_7d,
    usage_windows.success_count_28d,
    usage_windows.rate_limited_count_1d,
    usage_windows.rate_limited_count_7d,
    usage_windows.rate_limited_count_28d,
    usage_windows.input_tokens_1d,
    usage_windows.input_tokens_7d,
    usage_windows.input_tokens_28d,
    usage_windows.output_tokens_1d,
    usage_windows.output_tokens_7d,
    usage_windows.output_tokens_28d,
    usage_windows.elicits_reasoning_count_1d,
    usage_windows.elicits_reasoning_count_7d,
    usage_windows.elicits_reasoning_count_28d,
    usage_windows.grades_output_count_1d,
    usage_windows.grades_output_count_7d,
    usage_windows.grades_output_count_28d,
    usage_windows.rewrites_sensitive_count_1d,
    usage_windows.rewrites_sensitive_count_7d,
    usage_windows.rewrites_sensitive_count_28d,
    usage_windows.end_user_request_count_1d,
    usage_windows.end_user_request_count_7d,
    usage_windows.end_user_request_count_28d,
    usage_windows.rate_limited_count_1d / cast(nullif(usage_windows.request_count_1d, 0) as double) as rate_limited_share_1d,
    usage_windows.rate_limited_count_7d / cast(nullif(usage_windows.request_count_7d, 0) as double) as rate_limited_share_7d,
    usage_windows.rate_limited_count_28d / cast(nullif(usage_windows.request_count_28d, 0) as double) as rate_limited_share_28d,
    usage_windows.output_tokens_1d / cast(nullif(usage_windows.input_tokens_1d, 0) as double) as output_input_ratio_1d,
    usage_windows.output_tokens_7d / cast(nullif(usage_windows.input_tokens_7d, 0) as double) as output_input_ratio_7d,
    usage_windows.output_tokens_28d / cast(nullif(usage_windows.input_tokens_28d, 0) as double) as output_input_ratio_28d,
    usage_windows.output_tokens_1d / cast(nullif(usage_windows.success_count_1d, 0) as double) as output_tokens_per_request_1d,
    usage_windows.output_tokens_7d / cast(nullif(usage_windows.success_count_7d, 0) as double) as output_tokens_per_request_7d,
    usage_windows.output_tokens_28d / cast(nullif(usage_windows.success_count_28d, 0) as double) as output_tokens_per_request_28d,
    usage_windows.cache_read_input_tokens_1d / cast(nullif(usage_windows.cache_covered_input_tokens_1d, 0) as double) as cache_read_share_1d,
    usage_windows.cache_read_input_tokens_7d / cast(nullif(usage_windows.cache_covered_input_tokens_7d, 0) as double) as cache_read_share_7d,
    usage_windows.cache_read_input_tokens_28d / cast(nullif(usage_windows.cache_covered_input_tokens_28d, 0) as double) as cache_read_share_28d,
    usage_windows.reasoning_output_tokens_1d / cast(nullif(usage_windows.output_tokens_1d, 0) as double) as reasoning_output_share_1d,
    usage_windows.reasoning_output_tokens_7d / cast(nullif(usage_windows.output_tokens_7d, 0) as double) as reasoning_output_share_7d,
    usage_windows.reasoning_output_tokens_28d / cast(nullif(usage_windows.output_tokens_28d, 0) as double) as reasoning_output_share_28d,
    usage_windows.single_turn_count_1d / cast(nullif(usage_windows.single_turn_covered_count_1d, 0) as double) as single_turn_share_1d,
    usage_windows.single_turn_count_7d / cast(nullif(usage_windows.single_turn_covered_count_7d, 0) as double) as single_turn_share_7d,
    usage_windows.single_turn_count_28d / cast(nullif(usage_windows.single_turn_covered_count_28d, 0) as double) as single_turn_share_28d,
    usage_windows.length_cut_count_1d / cast(nullif(usage_windows.length_cut_covered_count_1d, 0) as double) as length_cut_share_1d,
    usage_windows.length_cut_count_7d / cast(nullif(usage_windows.length_cut_covered_count_7d, 0) as double) as length_cut_share_7d,
    usage_windows.length_cut_count_28d / cast(nullif(usage_windows.length_cut_covered_count_28d, 0) as double) as length_cut_share_28d,
    usage_windows.logprobs_count_1d / cast(nullif(usage_windows.logprobs_covered_count_1d, 0) as double) as logprobs_share_1d,
    usage_windows.logprobs_count_7d / cast(nullif(usage_windows.logprobs_covered_count_7d, 0) as double) as logprobs_share_7d,
    usage_windows.logprobs_count_28d / cast(nullif(usage_windows.logprobs_covered_count_28d, 0) as double) as logprobs_share_28d,
    usage_windows.multiple_choice_count_1d / cast(nullif(usage_windows.multiple_choice_covered_count_1d, 0) as double) as multiple_choice_share_1d,
    usage_windows.multiple_choice_count_7d / cast(nullif(usage_windows.multiple_choice_covered_count_7d, 0) as double) as multiple_choice_share_7d,
    usage_windows.multiple_choice_count_28d / cast(nullif(usage_windows.multiple_choice_covered_count_28d, 0) as double) as multiple_choice_share_28d,
    usage_windows.tool_request_count_1d / cast(nullif(usage_windows.tool_request_covered_count_1d, 0) as double) as tool_request_share_1d,
    usage_windows.tool_request_count_7d / cast(nullif(usage_windows.tool_request_covered_count_7d, 0) as double) as tool_request_share_7d,
    usage_windows.tool_request_count_28d / cast(nullif(usage_windows.tool_request_covered_count_28d, 0) as double) as tool_request_share_28d,
    usage_windows.elicits_reasoning_count_1d / cast(nullif(usage_windows.elicits_reasoning_covered_count_1d, 0) as double) as elicits_reasoning_share_1d,
    usage_windows.elicits_reasoning_count_7d / cast(nullif(usage_windows.elicits_reasoning_covered_count_7d, 0) as double) as elicits_reasoning_share_7d,
    usage_windows.elicits_reasoning_count_28d / cast(nullif(usage_windows.elicits_reasoning_covered_count_28d, 0) as double) as elicits_reasoning_share_28d,
    usage_windows.grades_output_count_1d / cast(nullif(usage_windows.grades_output_covered_count_1d, 0) as double) as grades_output_share_1d,
    usage_windows.grades_output_count_7d / cast(nullif(usage_windows.grades_output_covered_count_7d, 0) as double) as grades_output_share_7d,
    usage_windows.grades_output_count_28d / cast(nullif(usage_windows.grades_output_covered_count_28d, 0) as double) as grades_output_share_28d,
    usage_windows.rewrites_sensitive_count_1d / cast(nullif(usage_windows.rewrites_sensitive_covered_count_1d, 0) as double) as rewrites_sensitive_share_1d,
    usage_windows.rewrites_sensitive_count_7d / cast(nullif(usage_windows.rewrites_sensitive_covered_count_7d, 0) as double) as rewrites_sensitive_share_7d,
    usage_windows.rewrites_sensitive_count_28d / cast(nullif(usage_windows.rewrites_sensitive_covered_count_28d, 0) as double) as rewrites_sensitive_share_28d,
    usage_windows.active_day_count_28d,
    usage_windows.surface_distinct_count_28d,
    hours.active_hour_of_day_count as active_hour_of_day_count_28d,
    hours_limited.active_hour_count as active_hour_count_28d,
    cast(coalesce(hours.quiet_request_count, 0) as bigint) / cast(hours.total_request_count as double)
        as quiet_hours_share_28d,
    hours.hour_entropy / ln(24) as hour_evenness_28d,
    hours_limited.limited_hour_count / cast(hours_limited.active_hour_count as double) as limited_hour_share_28d,
    cast(cadence.gap_count as bigint) as gap_count_28d,
    cadence.near_median_gap_count / cast(nullif(cadence.gap_count, 0) as double) as near_median_gap_share_28d,
    case when cadence.gap_ms_sum > 0
        then sqrt(greatest(cadence.gap_ms_square_sum / cadence.gap_count - power(cadence.gap_ms_sum / cadence.gap_count, 2), 0))
            / (cadence.gap_ms_sum / cadence.gap_count)
    end as gap_variation_28d,
    nullif(templates.prompt_template_distinct_count, 0) as prompt_template_distinct_count_28d,
    cast(templates.template_request_count as bigint) as template_request_count_28d,
    case when templates.prompt_template_distinct_count > 0 then cast(templates.slot_filled_request_count as bigint) end as slot_filled_request_count_28d,
    templates.top_template_request_count / cast(templates.template_request_count as double) as top_template_share_28d,
    templates.slot_filled_request_count / cast(templates.template_request_count as double) as slot_filled_share_28d,
    templates.template_entropy as template_entropy_28d,
    cast(templates.new_prompt_count as bigint) as new_prompt_count_28d,
    templates.new_prompt_count / cast(templates.prompt_request_count as double) as new_prompt_share_28d,
    topics.topic_distinct_count as topic_distinct_count_28d,
    cast(topics.topic_request_count as bigint) as topic_request_count_28d,
    topics.topic_entropy as topic_entropy_28d,
    topics.days_per_topic as days_per_topic_28d,
    settings.parameter_set_distinct_count as parameter_set_distinct_count_28d,
    settings.top_parameter_set_share as top_parameter_set_share_28d,
    settings.temperature_distinct_count as temperature_distinct_count_28d,
    network_counts.ip_prefix_distinct_count as ip_prefix_distinct_count_28d,
    client_counts.user_agent_distinct_count as user_agent_distinct_count_28d,
    place_shares.country_distinct_count as country_distinct_count_28d,
    network_counts.ip_prefix_distinct_count * 1000.0 / network_counts.request_count as ip_prefixes_per_1000_requests_28d,
    place_shares.hosting_share as hosting_share_28d,
    place_shares.undeclared_country_share as undeclared_country_share_28d,
    place_shares.unsupported_region_share as unsupported_region_share_28d,
    cast(unfamiliar_use.settled_day_count as bigint) as settled_day_count,
    cast(unfamiliar_use.placed_request_count as bigint) as placed_request_count_7d,
    cast(unfamiliar_use.unfamiliar_request_count as bigint) as unfamiliar_request_count_7d,
    cast(unfamiliar_use.familiar_request_count as bigint) as familiar_request_count_7d,
    unfamiliar_use.unfamiliar_network_count as unfamiliar_network_count_7d
from usage_windows
inner join accounts on usage_windows.account_key = accounts.account_key
left join hours on usage_windows.account_key = hours.account_key
left join hours_limited on usage_windows.account_key = hours_limited.account_key
left join cadence on usage_windows.account_key = cadence.account_key
-- without a prompt nothing is said of templates either
left join templates
    on usage_windows.account_key = templates.account_key and templates.prompt_request_count > 0
left join topics on usage_windows.account_key = topics.account_key
left join settings on usage_windows.account_key = settings.account_key
left join network_counts on usage_windows.account_key = network_counts.account_key
left join client_counts on usage_windows.account_key = client_counts.account_key
left join place_shares on usage_windows.account_key = place_shares.account_key
left join unfamiliar_use on usage_windows.account_key = unfamiliar_use.account_key;
