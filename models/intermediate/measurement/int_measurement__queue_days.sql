with

nights as (

    select
        as_of_date,
        count(*) as lead_count,
        cast({{ count_where('due_at < as_of_date + 1') }} as bigint) as past_due_count,
        cast({{ count_where("selection = 'score' and coalesce(stratum, '') not in ('contract_check', 'key_check')") }} as bigint) as scored_lead_count
    from {{ ref('review_queue') }}
    where as_of_date <= {{ as_of_to() }}
    group by as_of_date

),

decided as (

    select cast(decided_at as date) as decided_on, count(*) as decided_count
    from {{ ref('reviews') }}
    where decided_at is not null
    group by cast(decided_at as date)

)

select
    nights.as_of_date,
    nights.lead_count,
    nights.past_due_count,
    nights.scored_lead_count,
    coalesce(decided.decided_count, 0) as decided_count
from nights
left join decided on nights.as_of_date + 1 = decided.decided_on
