with

topic_days as (

    {{ rows_in_window(ref('int_usage__account_topic_days')) }}

),

-- a bit for every day, since late rows of a day came apart from it
topics as (

    select
        as_of_date,
        account_key,
        topic,
        cast(sum(request_count) as bigint) as request_count,
        bit_count(bit_or({{ bit_of(days_between('activity_date', 'as_of_date')) }})) as topic_day_count
    from topic_days
    group by as_of_date, account_key, topic

)

select
    as_of_date,
    account_key,
    count(*) as topic_distinct_count_28d,
    cast(sum(request_count) as bigint) as topic_request_count_28d,
    {{ entropy_of('request_count') }} as topic_entropy_28d,
    sum(topic_day_count) / cast(count(*) as double) as days_per_topic_28d
from topics
group by as_of_date, account_key
