with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('signal_hits') }}

),

nights as (

    select
        signal_hits.signal_id,
        signal_hits.as_of_date,
        signal_hits.as_of_date > tonight.as_of_date - interval 7 day as is_this_week,
        count(*) as subject_count
    from {{ history('signal_hits') }} as signal_hits
    inner join tonight on signal_hits.as_of_date > tonight.as_of_date - interval 14 day
    where signal_hits.contribution <> 0 or signal_hits.resale_contribution <> 0
    group by signal_hits.signal_id, signal_hits.as_of_date, tonight.as_of_date

),

weeks as (

    select
        nights.signal_id,
        -- over all seven nights: a signal that was silent on some of them is counted as silent
        sum(case when nights.is_this_week then nights.subject_count else 0 end) / 7.0 as subjects_a_night,
        sum(case when nights.is_this_week then 0 else nights.subject_count end) / 7.0 as subjects_a_night_before
    from nights
    group by nights.signal_id

)

select
    signal_registry.signal_id,
    signal_registry.title,
    signal_registry.status,
    weeks.subjects_a_night,
    weeks.subjects_a_night_before,
    signal_performance.reviewed_count,
    signal_performance.precision,
    signal_performance.precision_lower,
    signal_performance.precision_upper
from weeks
inner join {{ ref('signal_registry') }} as signal_registry on weeks.signal_id = signal_registry.signal_id
left join {{ ref('signal_performance') }} as signal_performance
    on weeks.signal_id = signal_performance.signal_id and signal_performance.group_kind = 'all'
order by weeks.subjects_a_night desc, signal_registry.signal_id
