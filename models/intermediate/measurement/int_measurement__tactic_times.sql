with

coverage as (

    select
        tactic,
        min(entered_on) as entered_on,
        min(first_covered_on) as first_active_signal_on,
        min(first_confirmed_hit_on) as first_confirmed_hit_on
    from {{ ref('tactic_coverage') }}
    where is_registered
    group by tactic

)

select
    tactic,
    entered_on,
    first_active_signal_on,
    first_confirmed_hit_on,
    {{ as_of_to() }} as observed_until
from coverage
