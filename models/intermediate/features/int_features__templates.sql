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

totals as (

    select
        as_of_date,
        account_key,
        cast(sum(case when prompt_template_hash is not null then request_count end) as bigint) as template_request_count,
        cast(sum(prompt_request_count) as bigint) as prompt_request_count,
        cast(sum(new_prompt_count) as bigint) as new_prompt_count
    from templates
    group by as_of_date, account_key

),

-- a slot-filled template: asked many times, single turn, hardly ever with the same prompt
judged as (

    select
        templates.as_of_date,
        templates.account_key,
        templates.request_count,
        templates.request_count / cast(totals.template_request_count as double) as request_share,
        templates.request_count >= 10
            and templates.single_turn_count >= 0.9 * templates.request_count
            and templates.new_prompt_count >= 0.9 * templates.request_count as is_slot_filled
    from templates
    inner join totals
        on templates.as_of_date = totals.as_of_date and templates.account_key = totals.account_key
    where templates.prompt_template_hash is not null

),

by_template as (

    select
        as_of_date,
        account_key,
        count(*) as prompt_template_distinct_count,
        max(request_count) as top_template_request_count,
        cast(sum(case when is_slot_filled then request_count else 0 end) as bigint) as slot_filled_request_count,
        -sum({{ as_decimal('request_share * ln(request_share)', 18, 9) }}) as template_entropy
    from judged
    group by as_of_date, account_key

)

select
    totals.as_of_date,
    totals.account_key,
    by_template.prompt_template_distinct_count as prompt_template_distinct_count_28d,
    totals.template_request_count as template_request_count_28d,
    by_template.slot_filled_request_count as slot_filled_request_count_28d,
    by_template.top_template_request_count / cast(totals.template_request_count as double) as top_template_share_28d,
    by_template.slot_filled_request_count / cast(totals.template_request_count as double) as slot_filled_share_28d,
    cast(by_template.template_entropy as double) as template_entropy_28d,
    totals.new_prompt_count as new_prompt_count_28d,
    totals.new_prompt_count / cast(totals.prompt_request_count as double) as new_prompt_share_28d
from totals
left join by_template
    on totals.as_of_date = by_template.as_of_date and totals.account_key = by_template.account_key
where totals.prompt_request_count > 0
