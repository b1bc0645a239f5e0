with

live as (

    select *
    from {{ states_as_of(ref('int_intel_indicators__keep_states'), 'indicator_id') }} as states
    where cast(first_seen_at as date) <= as_of_date
        and (expires_at is null or cast(expires_at as date) > as_of_date)

),

-- confidence halves with every 30 days of age; an expired indicator is dead
weighted as (

    select
        as_of_date,
        indicator_type,
        value,
        max(confidence * power(0.5, {{ days_between('cast(first_seen_at as date)', 'as_of_date') }} / cast(30 as double))) as aged_confidence
    from live
    group by as_of_date, indicator_type, value

),

accounts as (

    select * from {{ ref('int_accounts__as_of') }}

),

matches as (

    {{ accounts_of_indicators('weighted', 'value') }}

)

select
    accounts.as_of_date,
    accounts.account_key,
    coalesce(max(matches.aged_confidence), 0) as indicator_confidence,
    count(distinct matches.indicator_type) as indicator_kind_count
from accounts
left join matches
    on accounts.as_of_date = matches.as_of_date and accounts.account_key = matches.account_key
where exists (select 1 from weighted where weighted.as_of_date = accounts.as_of_date)
group by accounts.as_of_date, accounts.account_key
