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

),

totals as (

    select
        as_of_date,
        account_key,
        sum(request_count) as total_request_count
    from topics
    group by as_of_date, account_key

),

shares as (

    select
        topics.as_of_date,
        topics.account_key,
        topics.topic_day_count,
        totals.total_request_count,
        topics.request_count / cast(totals.total_request_count as double) as request_share
    from topics
    inner join totals
        on topics.as_of_date = totals.as_of_date and topics.account_key = totals.account_key

)

select
    as_of_date,
    account_key,
    count(*) as topic_distinct_count_28d,
    cast(max(total_request_count) as bigint) as topic_request_count_28d,
    cast(-sum({{ as_decimal('request_share * ln(request_share)', 18, 9) }}) as double) as topic_entropy_28d,
    sum(topic_day_count) / cast(count(*) as double) as days_per_topic_28d
from shares
group by as_of_date, account_key
