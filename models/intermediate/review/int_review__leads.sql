with

queue as (

    select * from {{ ref('review_queue') }}
    where as_of_date <= {{ as_of_to() }}

),

ranked as (

    select
        *,
        row_number() over (partition by lead_id order by as_of_date) as night_rank,
        min(as_of_date) over (partition by lead_id) as drawn_on,
        max(as_of_date) over (partition by lead_id) as last_queued_on
    from queue

)

-- how a lead came in, and with what probability, was settled on its first night
select
    lead_id,
    subject_type,
    subject_id,
    selection,
    stratum,
    selection_probability,
    external_lead_id,
    suggested_clause,
    severity,
    due_at,
    coalesce(first_queued_on, drawn_on) as first_queued_on,
    drawn_on,
    last_queued_on
from ranked
where night_rank = 1
