{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['account_id', 'indicator_id']}
}) }}

with

-- live on the as-of date, weighed down by age as the feature `indicator_confidence` is; a data test holds the two together
live_indicators as (

    select
        *,
        {{ days_between('cast(first_seen_at as date)', 'as_of_date') }} as age_days,
        confidence * power(0.5, {{ days_between('cast(first_seen_at as date)', 'as_of_date') }} / cast(30 as double)) as aged_confidence
    from {{ states_as_of(ref('int_intel_indicators__keep_states'), 'indicator_id') }} as states
    where cast(first_seen_at as date) <= as_of_date
        and (expires_at is null or cast(expires_at as date) > as_of_date)

),

accounts as (

    select * from {{ ref('int_accounts__as_of') }}

),

matches as (

    {{ accounts_of_indicators('live_indicators', 'value') }}

)

select
    matches.as_of_date,
    accounts.account_id,
    matches.indicator_id,
    matches.indicator_type,
    matches.campaign,
    matches.source,
    matches.confidence,
    matches.first_seen_at,
    matches.expires_at,
    matches.age_days,
    matches.aged_confidence
from matches
inner join accounts on matches.as_of_date = accounts.as_of_date and matches.account_key = accounts.account_key
