with

timed as (

    select account_key, epoch_us(requested_at) // 1000 as requested_ms from requests

),

-- one order over all accounts takes less than one for each
steps as (

    select
        account_key,
        requested_ms,
        lag(account_key) over in_time as earlier_account_key,
        lag(requested_ms) over in_time as earlier_ms
    from timed
    window in_time as (order by account_key, requested_ms)

),

gaps as (

    select account_key, cast(requested_ms - earlier_ms as integer) as gap_ms
    from steps
    where account_key = earlier_account_key

),

summed as (

    select
        account_key,
        count(*) as gap_count,
        sum(gap_ms) as gap_ms_sum,
        -- exact: squares of a day's milliseconds add up to less than 2^53
        sum(cast(gap_ms as double) * gap_ms) as gap_ms_square_sum,
        list(gap_ms) as gaps_ms
    from gaps
    group by account_key

),

medians as (

    select *, list_median(gaps_ms) as median_gap_ms from summed

)

select
    account_key,
    gap_count,
    cast(gap_ms_sum as bigint) as gap_ms_sum,
    gap_ms_square_sum,
    len(list_filter(gaps_ms, lambda gap_ms: abs(gap_ms - median_gap_ms) <= 0.1 * median_gap_ms)) as near_median_gap_count
from medians
