with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('review_queue') }}

)

select
    quarantine.table_name,
    quarantine.reason,
    count(*) as row_count,
    sum(case when quarantine.released_at is null then 0 else 1 end) as released_count,
    min(quarantine.first_seen_on) as first_seen_on,
    max(quarantine.first_seen_on) as last_seen_on
from {{ ref('quarantine') }} as quarantine
inner join tonight on quarantine.first_seen_on > tonight.as_of_date - interval 7 day
group by quarantine.table_name, quarantine.reason
order by count(*) desc, quarantine.table_name, quarantine.reason
