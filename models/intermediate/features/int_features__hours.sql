with

hourly as (

    {{ rows_in_window(ref('int_usage__account_hours')) }}

),

-- a bit for every hour, since late rows of an hour came apart from it
days as (

    select
        as_of_date,
        account_key,
        activity_date,
        bit_or({{ bit_of('hour_of_day') }}) as hours_active,
        bit_or(case when rate_limited_count > 0 then {{ bit_of('hour_of_day') }} else 0 end) as hours_limited
    from hourly
    group by as_of_date, account_key, activity_date

),

hours_limited as (

    select
        as_of_date,
        account_key,
        sum(bit_count(hours_active)) as active_hour_count,
        sum(bit_count(hours_limited)) as limited_hour_count
    from days
    group by as_of_date, account_key

),

profile as (

    select
        as_of_date,
        account_key,
        hour_of_day,
        cast(sum(request_count) as bigint) as request_count
    from hourly
    group by as_of_date, account_key, hour_of_day

),

-- requests in the eight fewest-used hours of the day, unused ones first: a third when flat, near none where somebody sleeps
summed as (

    select
        as_of_date,
        account_key,
        count(*) as active_hour_of_day_count,
        {{ sum_of_least('request_count', 'count(*) - 16') }} as quiet_request_count,
        sum(request_count) as hour_request_count,
        {{ entropy_of('request_count') }} as hour_entropy
    from profile
    group by as_of_date, account_key

)

select
    summed.as_of_date,
    summed.account_key,
    summed.active_hour_of_day_count as active_hour_of_day_count_28d,
    summed.quiet_request_count / cast(summed.hour_request_count as double) as quiet_hours_share_28d,
    summed.hour_entropy / ln(24) as hour_evenness_28d,
    cast(hours_limited.active_hour_count as bigint) as active_hour_count_28d,
    hours_limited.limited_hour_count / cast(hours_limited.active_hour_count as double) as limited_hour_share_28d
from summed
inner join hours_limited
    on summed.as_of_date = hours_limited.as_of_date and summed.account_key = hours_limited.account_key
