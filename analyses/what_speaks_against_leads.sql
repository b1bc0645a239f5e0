with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('review_queue') }}

)

select
    review_queue.lead_id,
    review_queue.priority,
    review_queue.subject_type,
    review_queue.subject_id,
    signal_hits.signal_id,
    signal_registry.title,
    signal_hits.contribution,
    signal_hits.resale_contribution
from {{ ref('review_queue') }} as review_queue
inner join tonight on review_queue.as_of_date = tonight.as_of_date
inner join {{ ref('signal_hits') }} as signal_hits
    on review_queue.as_of_date = signal_hits.as_of_date
    and review_queue.subject_type = signal_hits.subject_type
    and review_queue.subject_id = signal_hits.subject_id
inner join {{ ref('signal_registry') }} as signal_registry on signal_hits.signal_id = signal_registry.signal_id
where signal_hits.contribution < 0 or signal_hits.resale_contribution < 0
order by review_queue.priority, signal_hits.contribution, signal_hits.signal_id
