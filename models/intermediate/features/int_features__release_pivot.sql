with

model_days as (

    {{ rows_in_window(ref('int_usage__account_model_days')) }}

),

releases as (

    select request_model, cast(released_at as date) as released_on
    from {{ latest_state(ref('int_model_releases__keep_states'), 'request_model') }} as latest_releases
    where is_frontier and not coalesce(is_rival, false)

),

-- the newest frontier release whose first three days are inside the window
newest as (

    select
        as_of_dates.as_of_date,
        releases.request_model,
        releases.released_on,
        row_number() over (
            partition by as_of_dates.as_of_date order by releases.released_on desc, releases.request_model
        ) as release_rank
    from {{ ref('int_calendar__as_of_dates') }} as as_of_dates
    inner join releases
        on releases.released_on between as_of_dates.as_of_date - 21 and as_of_dates.as_of_date

)

select
    model_days.as_of_date,
    model_days.account_key,
    cast(sum(model_days.request_count) as bigint) as pivot_request_count_28d,
    sum(case when model_days.request_model = newest.request_model then model_days.request_count else 0 end)
        / cast(sum(model_days.request_count) as double) as release_pivot_share_28d
from model_days
inner join newest
    on model_days.as_of_date = newest.as_of_date
    and newest.release_rank = 1
    and model_days.activity_date between newest.released_on and newest.released_on + 2
group by model_days.as_of_date, model_days.account_key
