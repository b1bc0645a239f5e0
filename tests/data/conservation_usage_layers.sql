-- Requests and tokens are the same in every layer above the accepted requests.
with

accepted as (

    select
        count(*) as request_count,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens
    from {{ ref('int_usage__kept_requests') }}
    where activity_date >= {{ arrived_from() }} - {{ var('late_arrival_days') }}

),

daily as (

    select
        sum(request_count) as request_count,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens
    from {{ ref('int_usage__account_days') }}
    where activity_date >= {{ arrived_from() }} - {{ var('late_arrival_days') }}

),

mart as (

    select
        sum(request_count) as request_count,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens
    from {{ ref('account_days') }}
    where activity_date >= {{ arrived_from() }} - {{ var('late_arrival_days') }}

),

by_model as (

    select
        sum(request_count) as request_count,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens
    from {{ ref('int_usage__account_model_days') }}
    where activity_date >= {{ arrived_from() }} - {{ var('late_arrival_days') }}

),

hourly as (

    select sum(request_count) as request_count
    from {{ ref('int_usage__account_hours') }}
    where activity_date >= {{ arrived_from() }} - {{ var('late_arrival_days') }}

)

select
    accepted.request_count as accepted_request_count,
    daily.request_count as daily_request_count,
    mart.request_count as mart_request_count,
    by_model.request_count as by_model_request_count,
    hourly.request_count as hourly_request_count
from accepted
cross join daily
cross join mart
cross join by_model
cross join hourly
where coalesce(accepted.request_count, 0) <> coalesce(daily.request_count, 0)
    or coalesce(accepted.request_count, 0) <> coalesce(mart.request_count, 0)
    or coalesce(accepted.request_count, 0) <> coalesce(hourly.request_count, 0)
    or coalesce(accepted.input_tokens, 0) <> coalesce(daily.input_tokens, 0)
    or coalesce(accepted.input_tokens, 0) <> coalesce(mart.input_tokens, 0)
    or coalesce(accepted.output_tokens, 0) <> coalesce(daily.output_tokens, 0)
    or coalesce(accepted.output_tokens, 0) <> coalesce(mart.output_tokens, 0)
    or coalesce(accepted.request_count, 0) <> coalesce(by_model.request_count, 0)
    or coalesce(accepted.input_tokens, 0) <> coalesce(by_model.input_tokens, 0)
    or coalesce(accepted.output_tokens, 0) <> coalesce(by_model.output_tokens, 0)
