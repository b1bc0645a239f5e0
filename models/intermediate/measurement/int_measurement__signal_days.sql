with

nights as (

    select * from {{ ref('signal_coverage') }}
    where as_of_date between {{ as_of_to() }} - 34 and {{ as_of_to() }}

),

fired as (

    select as_of_date, signal_id, count(*) as fired_count
    from {{ ref('signal_hits') }}
    where as_of_date between {{ as_of_to() }} - 34 and {{ as_of_to() }}
    group by as_of_date, signal_id

)

select
    nights.as_of_date,
    nights.signal_id,
    nights.computable_count + nights.partly_count as computable_count,
    coalesce(fired.fired_count, 0) as fired_count
from nights
left join fired on nights.as_of_date = fired.as_of_date and nights.signal_id = fired.signal_id
