{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

{%- set day = 'versions.account_key, versions.activity_date, versions.known_on' %}
with

requests as (

    select * from {{ ref('int_usage__kept_requests') }}
    where activity_date >= {{ arrived_from() }} - {{ var('late_arrival_days') }}
        and arrived_on <= {{ as_of_to() }}

),

-- a day is measured anew on every arrival day that brought rows of it, over all rows known by then
versions as (

    select distinct account_key, activity_date, arrived_on as known_on
    from requests
    where arrived_on >= {{ arrived_from() }}

),

gaps as (

    select
        versions.account_key,
        versions.activity_date,
        versions.known_on,
        {{ milliseconds_between(
            'lag(requests.requested_at) over (partition by ' ~ day ~ ' order by requests.requested_at)', 'requests.requested_at'
        ) }} as gap_ms
    from versions
    inner join requests
        on versions.account_key = requests.account_key
        and versions.activity_date = requests.activity_date
        and requests.arrived_on <= versions.known_on

),

centred as (

    select
        account_key,
        activity_date,
        known_on,
        gap_ms,
        median(gap_ms) over (partition by account_key, activity_date, known_on) as median_gap_ms
    from gaps
    where gap_ms is not null

)

select
    account_key,
    activity_date,
    known_on as arrived_on,
    count(*) as gap_count,
    cast(sum(gap_ms) as bigint) as gap_ms_sum,
    cast(sum(gap_ms * gap_ms) as decimal(38, 0)) as gap_ms_square_sum,
    cast({{ count_where('abs(gap_ms - median_gap_ms) <= 0.1 * median_gap_ms') }} as bigint) as near_median_gap_count
from centred
group by account_key, activity_date, known_on
