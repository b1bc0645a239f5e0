with

topic_days as (

    {{ rows_in_window(ref('int_usage__account_topic_days')) }}

),

-- late rows of a day came apart from it: one row a day, so that days need no distinct count
days_of_topics as (

    select
        as_of_date,
        account_key,
        topic,
        activity_date,
        sum(request_count) as request_count
    from topic_days
    group by as_of_date, account_key, topic, activity_date

),

topics as (

    select
        as_of_date,
        account_key,
        topic,
        sum(request_count) as request_count,
        count(*) as topic_day_count
    from days_of_topics
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

with_total as (

    select
        topics.*,
        totals.total_request_count
    from topics
    inner join totals
        on topics.as_of_date = totals.as_of_date and topics.account_key = totals.account_key

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
