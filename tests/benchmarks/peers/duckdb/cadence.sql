with

timed as (

    select account_key, epoch_us(requested_at) // 1000 as requested_ms from requests

),

gaps as materialized (

    select
        account_key,
        requested_ms - lag(requested_ms) over (partition by account_key order by requested_ms) as gap_ms
    from timed

),

medians as (

    select account_key, median(gap_ms) as median_gap_ms
    from gaps
    where gap_ms is not null
    group by account_key

)

select
    gaps.account_key as account_key,
    count(*) as gap_count,
    sum(gaps.gap_ms) as gap_ms_sum,
    cast(sum(cast(gaps.gap_ms as hugeint) * gaps.gap_ms) as double) as gap_ms_square_sum,
    count_if(abs(gaps.gap_ms - medians.median_gap_ms) <= 0.1 * medians.median_gap_ms) as near_median_gap_count
from gaps
inner join medians on gaps.account_key = medians.account_key
where gaps.gap_ms is not null
group by gaps.account_key
