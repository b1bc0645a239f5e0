with

template_days as (

    {{ rows_in_window(ref('int_usage__account_template_days')) }}

),

templates as (

    select
        as_of_date,
        account_key,
        prompt_template_hash,
        cast(sum(request_count) as bigint) as request_count,
        cast(sum(single_turn_count) as bigint) as single_turn_count,
        cast(sum(prompt_request_count) as bigint) as prompt_request_count,
        cast(sum(new_prompt_count) as bigint) as new_prompt_count
    from template_days
    group by as_of_date, account_key, prompt_template_hash

),

-- a slot-filled template: asked many times, single turn, hardly ever with the same prompt
judged as (

    select
        as_of_date,
        account_key,
        prompt_template_hash,
        case when prompt_template_hash is not null then request_count end as template_request_count,
        request_count >= 10
        and single_turn_count >= 0.9 * request_count
        and new_prompt_count >= 0.9 * request_count as is_slot_filled,
        prompt_request_count,
        new_prompt_count
    from templates

),

summed as (

    select
        as_of_date,
        account_key,
        count(prompt_template_hash) as prompt_template_distinct_count,
        cast(sum(template_request_count) as bigint) as template_request_count,
        cast(sum(case when is_slot_filled then template_request_count else 0 end) as bigint) as slot_filled_request_count,
        max(template_request_count) as top_template_request_count,
        {{ entropy_of('template_request_count') }} as template_entropy,
        cast(sum(prompt_request_count) as bigint) as prompt_request_count,
        cast(sum(new_prompt_count) as bigint) as new_prompt_count
    from judged
    group by as_of_date, account_key

)

select
    as_of_date,
    account_key,
    nullif(prompt_template_distinct_count, 0) as prompt_template_distinct_count_28d,
    template_request_count as template_request_count_28d,
    case when prompt_template_distinct_count > 0 then slot_filled_request_count end as slot_filled_request_count_28d,
    top_template_request_count / cast(template_request_count as double) as top_template_share_28d,
    slot_filled_request_count / cast(template_request_count as double) as slot_filled_share_28d,
    template_entropy as template_entropy_28d,
    new_prompt_count as new_prompt_count_28d,
    new_prompt_count / cast(prompt_request_count as double) as new_prompt_share_28d
from summed
where prompt_request_count > 0
