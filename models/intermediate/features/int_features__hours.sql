with

hourly as (

    {{ rows_in_window(ref('int_usage__account_hours')) }}

),

profile as (

    select
        as_of_date,
        account_key,
        hour_of_day,
        sum(request_count) as request_count
    from hourly
    group by as_of_date, account_key, hour_of_day

),

hours_limited as (

    select
        as_of_date,
        account_key,
        count(*) as active_hour_count,
        cast(count_if(rate_limited_count > 0) as bigint) as limited_hour_count
    from (
        select
            as_of_date,
            account_key,
            activity_date,
            hour_of_day,
            sum(rate_limited_count) as rate_limited_count
        from hourly
        group by as_of_date, account_key, activity_date, hour_of_day
    ) as account_hours
    group by as_of_date, account_key

),

-- requests in the eight fewest-used hours of the day: a third when flat, near none where somebody sleeps
ranked as (

    select
        *,
        24 - count(*) over (partition by as_of_date, account_key) as empty_hour_count,
        row_number() over (partition by as_of_date, account_key order by request_count, hour_of_day) as hour_rank,
        sum(request_count) over (partition by as_of_date, account_key) as total_request_count
    from profile

),

summed as (

    select
        as_of_date,
        account_key,
        count(*) as active_hour_of_day_count,
        cast(sum(case when hour_rank + empty_hour_count <= 8 then request_count else 0 end) as bigint) as quiet_request_count,
        cast(max(total_request_count) as bigint) as hour_request_count,
        -sum(cast(request_count / cast(total_request_count as double)
            * ln(request_count / cast(total_request_count as double)) as decimal(18, 9))) as hour_entropy
    from ranked
    group by as_of_date, account_key

)

select
    summed.as_of_date,
    summed.account_key,
    summed.active_hour_of_day_count as active_hour_of_day_count_28d,
    summed.quiet_request_count / cast(summed.hour_request_count as double) as quiet_hours_share_28d,
    cast(summed.hour_entropy as double) / ln(24) as hour_evenness_28d,
    hours_limited.active_hour_count as active_hour_count_28d,
    hours_limited.limited_hour_count / cast(hours_limited.active_hour_count as double) as limited_hour_share_28d
from summed
inner join hours_limited
    on summed.as_of_date = hours_limited.as_of_date and summed.account_key = hours_limited.account_key
