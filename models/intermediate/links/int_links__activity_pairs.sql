-- bursts in common: hour by hour correlation of what an account's own days and hours do not explain
with

pairs as (

    select distinct as_of_date, account_key_a, account_key_b
    from {{ ref('int_links__value_pairs') }}
    where link_kind in ('rare_template', 'traffic_network')

),

hours as (

    select
        as_of_dates.as_of_date,
        account_hours.account_key,
        account_hours.activity_date,
        account_hours.hour_of_day,
        sum(account_hours.request_count) as request_count
    from {{ ref('int_calendar__as_of_dates') }} as as_of_dates
    inner join {{ ref('int_usage__account_hours') }} as account_hours
        on account_hours.activity_date between as_of_dates.as_of_date - 6 and as_of_dates.as_of_date
        and account_hours.arrived_on <= as_of_dates.as_of_date
    where account_hours.activity_date > {{ as_of_from() }} - 7
    group by as_of_dates.as_of_date, account_hours.account_key, account_hours.activity_date, account_hours.hour_of_day

),

paired as (

    select as_of_date, account_key_a as account_key from pairs
    union
    select as_of_date, account_key_b as account_key from pairs

),

counted as (

    select
        hours.as_of_date,
        hours.account_key,
        hours.activity_date,
        hours.hour_of_day,
        hours.request_count,
        sum(hours.request_count) over (partition by hours.as_of_date, hours.account_key) as account_request_count
    from hours
    inner join paired on hours.as_of_date = paired.as_of_date and hours.account_key = paired.account_key

),

-- sixty requests in a week are the least that show a rhythm
active as (

    select * from counted where account_request_count >= 60

),

days as (

    select as_of_date, account_key, activity_date, account_request_count, sum(request_count) as day_request_count
    from active
    group by as_of_date, account_key, activity_date, account_request_count

),

rhythm as (

    select as_of_date, account_key, hour_of_day, sum(request_count) as hour_request_count
    from active
    group by as_of_date, account_key, hour_of_day

),

-- Pearson residuals against (day total x hour total / total): office hours and weekends are in the expectation
residuals as (

    select
        days.as_of_date,
        days.account_key,
        24 * date_diff('day', days.as_of_date - 6, days.activity_date) + rhythm.hour_of_day as hour_number,
        round((
            coalesce(active.request_count, 0)
            - days.day_request_count * rhythm.hour_request_count / cast(days.account_request_count as double)
        ) / sqrt(days.day_request_count * rhythm.hour_request_count / cast(days.account_request_count as double)), 6)
            as residual
    from days
    inner join rhythm on days.as_of_date = rhythm.as_of_date and days.account_key = rhythm.account_key
    left join active
        on days.as_of_date = active.as_of_date
        and days.account_key = active.account_key
        and days.activity_date = active.activity_date
        and rhythm.hour_of_day = active.hour_of_day

),

-- decimals, because a sum of doubles depends on the order of addition
sums as (

    select
        pairs.as_of_date,
        pairs.account_key_a,
        pairs.account_key_b,
        count(*) as cell_count,
        cast(sum(cast(one.residual * other.residual as decimal(18, 6))) as double) as product_sum,
        cast(sum(cast(one.residual * one.residual as decimal(18, 6))) as double) as square_sum_a,
        cast(sum(cast(other.residual * other.residual as decimal(18, 6))) as double) as square_sum_b
    from pairs
    inner join residuals as one on pairs.as_of_date = one.as_of_date and pairs.account_key_a = one.account_key
    inner join residuals as other
        on pairs.as_of_date = other.as_of_date
        and pairs.account_key_b = other.account_key
        and one.hour_number = other.hour_number
    group by pairs.as_of_date, pairs.account_key_a, pairs.account_key_b

),

correlated as (

    select
        *,
        least(0.99, product_sum / sqrt(square_sum_a * square_sum_b)) as correlation
    from sums
    where cell_count >= 48 and product_sum > 0 and square_sum_a > 0 and square_sum_b > 0

)

-- Fisher's z: normal with unit variance for independent accounts
select
    as_of_date,
    account_key_a,
    account_key_b,
    cell_count,
    correlation,
    0.5 * ln((1 + correlation) / (1 - correlation)) * sqrt(cell_count - 3) as z
from correlated
where 0.5 * ln((1 + correlation) / (1 - correlation)) * sqrt(cell_count - 3) >= 4
