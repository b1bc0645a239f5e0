with

topic_days as (

    {{ rows_in_window(ref('int_usage__account_topic_days')) }}

),

topics as (

    select
        as_of_date,
        account_key,
        topic,
        sum(request_count) as request_count,
        count(distinct activity_date) as topic_day_count
    from topic_days
    group by as_of_date, account_key, topic

),

with_total as (

    select
        *,
        sum(request_count) over (partition by as_of_date, account_key) as total_request_count
    from topics

)

select
    as_of_date,
    account_key,
    count(*) as topic_distinct_count_28d,
    cast(max(total_request_count) as bigint) as topic_request_count_28d,
    cast(-sum(cast(request_count / cast(total_request_count as double)
        * ln(request_count / cast(total_request_count as double)) as decimal(18, 9))) as double) as topic_entropy_28d,
    sum(topic_day_count) / cast(count(*) as double) as days_per_topic_28d
from with_total
group by as_of_date, account_key
