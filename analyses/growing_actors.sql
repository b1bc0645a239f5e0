with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('actors') }}

),

a_week_before as (

    select
        actors.actor_id,
        actors.account_count,
        actors.request_count_28d
    from {{ history('actors') }} as actors
    inner join tonight on actors.as_of_date = tonight.as_of_date - interval 7 day

)

select
    actors.actor_id,
    actors.role,
    a_week_before.account_count as account_count_before,
    actors.account_count,
    a_week_before.request_count_28d as request_count_28d_before,
    actors.request_count_28d,
    actors.enforced_account_count
from {{ ref('actors') }} as actors
inner join tonight on actors.as_of_date = tonight.as_of_date
inner join a_week_before on actors.actor_id = a_week_before.actor_id
where actors.account_count > a_week_before.account_count
order by actors.account_count - a_week_before.account_count desc, actors.actor_id
