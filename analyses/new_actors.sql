with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('actors') }}

),

born as (

    select
        actor_events.actor_id,
        max(actor_events.as_of_date) as born_on
    from {{ history('actor_events') }} as actor_events
    cross join tonight
    where actor_events.event = 'born' and actor_events.as_of_date > tonight.as_of_date - interval 7 day
    group by actor_events.actor_id

)

select
    born.born_on,
    actors.actor_id,
    actors.account_count,
    actors.request_count_28d,
    scores.role,
    scores.score,
    scores.lower,
    scores.upper,
    review_queue.lead_id
from {{ ref('actors') }} as actors
inner join tonight on actors.as_of_date = tonight.as_of_date
inner join born on actors.actor_id = born.actor_id
left join {{ ref('scores') }} as scores
    on actors.as_of_date = scores.as_of_date and scores.subject_type = 'actor' and actors.actor_id = scores.subject_id
left join {{ ref('review_queue') }} as review_queue
    on actors.as_of_date = review_queue.as_of_date and actors.actor_id = review_queue.subject_id
order by scores.log_odds desc nulls last, actors.actor_id
