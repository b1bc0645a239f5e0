with

setting_days as (

    {{ rows_in_window(ref('int_usage__account_setting_days')) }}

),

sets as (

    select
        as_of_date,
        account_key,
        request_temperature,
        request_top_p,
        request_max_tokens,
        request_choice_count,
        sum(request_count) as request_count
    from setting_days
    where request_temperature is not null or request_max_tokens is not null
    group by as_of_date, account_key, request_temperature, request_top_p, request_max_tokens, request_choice_count

)

select
    as_of_date,
    account_key,
    count(*) as parameter_set_distinct_count_28d,
    max(request_count) / cast(sum(request_count) as double) as top_parameter_set_share_28d,
    count(distinct request_temperature) as temperature_distinct_count_28d
from sets
group by as_of_date, account_key
