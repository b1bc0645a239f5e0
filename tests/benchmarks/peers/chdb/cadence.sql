with

timed as (

    select account_key, arraySort(groupArray(intDiv(toUnixTimestamp64Micro(requested_at), 1000))) as requested_ms
    from requests
    group by account_key
    having count(*) > 1

),

gaps as (

    select
        account_key,
        arrayPopFront(arrayDifference(requested_ms)) as gaps_ms,
        arrayReduce('quantileExactInclusive(0.5)', gaps_ms) as median_gap_ms
    from timed

)

select
    account_key,
    length(gaps_ms) as gap_count,
    arraySum(gaps_ms) as gap_ms_sum,
    arraySum(arrayMap(gap -> toFloat64(gap) * gap, gaps_ms)) as gap_ms_square_sum,
    arrayCount(gap -> abs(gap - median_gap_ms) <= 0.1 * median_gap_ms, gaps_ms) as near_median_gap_count
from gaps
