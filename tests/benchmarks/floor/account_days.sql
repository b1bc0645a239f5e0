-- account_days, only of account-days that what arrived has touched

create or replace temp table account_days as
with

measures as (

    select
        account_key,
        activity_date,
        lane_key,
        cast(sum(request_count) as bigint) as request_count,
        cast(sum(success_count) as bigint) as success_count,
        cast(sum(failed_count) as bigint) as failed_count,
        cast(sum(rate_limited_count) as bigint) as rate_limited_count,
        cast(sum(input_tokens) as bigint) as input_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(cache_read_input_tokens) as bigint) as cache_read_input_tokens,
        cast(sum(reasoning_output_tokens) as bigint) as reasoning_output_tokens,
        cast(sum(single_turn_count) as bigint) as single_turn_count,
        cast(sum(length_cut_count) as bigint) as length_cut_count,
        cast(sum(logprobs_count) as bigint) as logprobs_count,
        cast(sum(tool_request_count) as bigint) as tool_request_count,
        cast(sum(elicits_reasoning_count) as bigint) as elicits_reasoning_count,
        cast(sum(grades_output_count) as bigint) as grades_output_count,
        cast(sum(rewrites_sensitive_count) as bigint) as rewrites_sensitive_count,
        min(first_requested_at) as first_requested_at,
        max(last_requested_at) as last_requested_at
    from account_day_sums
    semi join touched using (account_key, activity_date)
    where activity_date >= getvariable('day') - 3
    group by account_key, activity_date, lane_key

),

-- late rows bring values that were there before, hence two steps
templates as (

    select account_key, activity_date, lane_key, count(*) as prompt_template_distinct_count
    from (
        select distinct account_key, activity_date, lane_key, template
        from template_days
        semi join touched using (account_key, activity_date)
        where activity_date >= getvariable('day') - 3 and template is not null
    ) as distinct_templates
    group by account_key, activity_date, lane_key

),

prompts as (

    select account_key, activity_date, lane_key, count(*) as prompt_distinct_count
    from (
        select distinct account_key, activity_date, lane_key, prompt
        from prompt_days
        semi join touched using (account_key, activity_date)
        where activity_date >= getvariable('day') - 3
    ) as distinct_prompts
    group by account_key, activity_date, lane_key

),

networks as (

    select account_key, activity_date, lane_key, count(*) as ip_prefix_distinct_count
    from (
        select distinct account_key, activity_date, lane_key, ip_prefix
        from network_days
        semi join touched using (account_key, activity_date)
        where activity_date >= getvariable('day') - 3 and ip_prefix is not null
    ) as distinct_networks
    group by account_key, activity_date, lane_key

)

select
    accounts.account_id,
    measures.activity_date,
    lanes.surface,
    lanes.partner,
    measures.request_count,
    measures.success_count,
    measures.failed_count,
    measures.rate_limited_count,
    measures.input_tokens,
    measures.output_tokens,
    measures.cache_read_input_tokens,
    measures.reasoning_output_tokens,
    measures.single_turn_count,
    measures.length_cut_count,
    measures.logprobs_count,
    measures.tool_request_count,
    measures.elicits_reasoning_count,
    measures.grades_output_count,
    measures.rewrites_sensitive_count,
    templates.prompt_template_distinct_count,
    prompts.prompt_distinct_count,
    networks.ip_prefix_distinct_count,
    measures.first_requested_at,
    measures.last_requested_at
from measures
inner join accounts on measures.account_key = accounts.account_key
inner join lanes on measures.lane_key = lanes.lane_key
left join templates
    on measures.account_key = templates.account_key
    and measures.activity_date = templates.activity_date
    and measures.lane_key = templates.lane_key
left join prompts
    on measures.account_key = prompts.account_key
    and measures.activity_date = prompts.activity_date
    and measures.lane_key = prompts.lane_key
left join networks
    on measures.account_key = networks.account_key
    and measures.activity_date = networks.activity_date
    and measures.lane_key = networks.lane_key;
