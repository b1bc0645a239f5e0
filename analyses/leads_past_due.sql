with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('review_queue') }}

),

opened as (

    select
        reviews.lead_id,
        min(reviews.opened_at) as opened_at
    from {{ ref('reviews') }} as reviews
    where reviews.lead_id is not null
    group by reviews.lead_id

)

select
    review_queue.lead_id,
    review_queue.subject_type,
    review_queue.subject_id,
    review_queue.severity,
    review_queue.selection,
    review_queue.first_queued_on,
    review_queue.due_at,
    opened.opened_at,
    review_queue.why
from {{ ref('review_queue') }} as review_queue
inner join tonight on review_queue.as_of_date = tonight.as_of_date
left join opened on review_queue.lead_id = opened.lead_id
where review_queue.due_at < tonight.as_of_date + interval 1 day
order by review_queue.due_at, review_queue.priority
