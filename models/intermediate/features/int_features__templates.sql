with

template_days as (

    {{ rows_in_window(ref('int_usage__account_template_days')) }}

),

prompt_days as (

    {{ rows_in_window(ref('int_usage__account_prompt_days')) }}

),

new_prompts as (

    select
        as_of_date,
        account_key,
        prompt_template_hash,
        cast(count_if(is_new_to_account) as bigint) as new_prompt_count,
        sum(request_count) as prompt_request_count
    from prompt_days
    group by as_of_date, account_key, prompt_template_hash

),

templates as (

    select
        as_of_date,
        account_key,
        prompt_template_hash,
        sum(request_count) as request_count,
        sum(single_turn_count) as single_turn_count
    from template_days
    group by as_of_date, account_key, prompt_template_hash

),

totals as (

    select
        as_of_date,
        account_key,
        sum(request_count) as total_request_count
    from templates
    group by as_of_date, account_key

),

-- a slot-filled template: asked many times, single turn, hardly ever with the same prompt
judged as (

    select
        templates.as_of_date,
        templates.account_key,
        templates.request_count,
        totals.total_request_count,
        new_prompts.new_prompt_count,
        templates.request_count >= 10
            and templates.single_turn_count >= 0.9 * templates.request_count
            and new_prompts.new_prompt_count >= 0.9 * templates.request_count as is_slot_filled
    from templates
    inner join totals
        on templates.as_of_date = totals.as_of_date and templates.account_key = totals.account_key
    left join new_prompts
        on templates.as_of_date = new_prompts.as_of_date
        and templates.account_key = new_prompts.account_key
        and templates.prompt_template_hash = new_prompts.prompt_template_hash

),

by_template as (

    select
        as_of_date,
        account_key,
        count(*) as prompt_template_distinct_count,
        cast(max(total_request_count) as bigint) as template_request_count,
        cast(max(request_count) as bigint) as top_template_request_count,
        cast(sum(case when is_slot_filled then request_count else 0 end) as bigint) as slot_filled_request_count,
        -sum(cast(request_count / cast(total_request_count as double)
            * ln(request_count / cast(total_request_count as double)) as decimal(18, 9))) as template_entropy
    from judged
    group by as_of_date, account_key

),

by_prompt as (

    select
        as_of_date,
        account_key,
        cast(sum(new_prompt_count) as bigint) as new_prompt_count,
        cast(sum(prompt_request_count) as bigint) as prompt_request_count
    from new_prompts
    group by as_of_date, account_key

)

select
    by_prompt.as_of_date,
    by_prompt.account_key,
    by_template.prompt_template_distinct_count as prompt_template_distinct_count_28d,
    by_template.template_request_count as template_request_count_28d,
    by_template.slot_filled_request_count as slot_filled_request_count_28d,
    by_template.top_template_request_count / cast(by_template.template_request_count as double) as top_template_share_28d,
    by_template.slot_filled_request_count / cast(by_template.template_request_count as double) as slot_filled_share_28d,
    cast(by_template.template_entropy as double) as template_entropy_28d,
    by_prompt.new_prompt_count as new_prompt_count_28d,
    by_prompt.new_prompt_count / cast(by_prompt.prompt_request_count as double) as new_prompt_share_28d
from by_prompt
left join by_template
    on by_prompt.as_of_date = by_template.as_of_date and by_prompt.account_key = by_template.account_key
