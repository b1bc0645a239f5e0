-- relief: one account falls silent within a day of another's start on the same rare template
with

template_days as (

    {{ rows_in_window(ref('int_usage__account_template_days')) }}

),

spans as (

    select as_of_date, account_key, min(activity_date) as first_active_on, max(activity_date) as last_active_on
    from template_days
    where prompt_template_hash is not null
    group by as_of_date, account_key

),

pairs as (

    select as_of_date, account_key_a, account_key_b, min(first_seen_on) as first_seen_on
    from {{ ref('int_links__value_pairs') }}
    where link_kind = 'rare_template'
    group by as_of_date, account_key_a, account_key_b

),

placed as (

    select
        pairs.*,
        spans_a.first_active_on as first_active_on_a,
        spans_a.last_active_on as last_active_on_a,
        spans_b.first_active_on as first_active_on_b,
        spans_b.last_active_on as last_active_on_b
    from pairs
    inner join spans as spans_a on pairs.as_of_date = spans_a.as_of_date and pairs.account_key_a = spans_a.account_key
    inner join spans as spans_b on pairs.as_of_date = spans_b.as_of_date and pairs.account_key_b = spans_b.account_key

)

-- silent for three days, and in the window for a week before: a start or stop at the window's edge is none
select
    as_of_date,
    account_key_a,
    account_key_b,
    least(last_active_on_a, last_active_on_b) as handed_over_on
from placed
where least(last_active_on_a, last_active_on_b) <= as_of_date - 3
    and least(first_active_on_a, first_active_on_b) <= as_of_date - 7
    and greatest(first_active_on_a, first_active_on_b) > as_of_date - {{ var('window_days') - 3 }}
    and abs({{ days_between(
        'least(last_active_on_a, last_active_on_b)', 'greatest(first_active_on_a, first_active_on_b)'
    ) }}) <= 1
