with

versions as (

    {{ rows_in_window(ref('int_usage__account_day_cadence')) }}

),

-- the newest measurement of each day known by the as-of date
latest as (

    select *
    from (
        select
            *,
            row_number() over (
                partition by as_of_date, account_key, activity_date order by arrived_on desc
            ) as version_rank
        from versions
    ) as ranked
    where version_rank = 1

),

summed as (

    select
        as_of_date,
        account_key,
        cast(sum(gap_count) as bigint) as gap_count,
        cast(sum(near_median_gap_count) as bigint) as near_median_gap_count,
        cast(sum(gap_ms_sum) as double) as gap_ms_sum,
        cast(sum(gap_ms_square_sum) as double) as gap_ms_square_sum
    from latest
    group by as_of_date, account_key

)

select
    as_of_date,
    account_key,
    gap_count as gap_count_28d,
    near_median_gap_count / cast(nullif(gap_count, 0) as double) as near_median_gap_share_28d,
    case when gap_ms_sum > 0
        then sqrt(greatest(gap_ms_square_sum / gap_count - power(gap_ms_sum / gap_count, 2), 0))
            / (gap_ms_sum / gap_count)
    end as gap_variation_28d
from summed
