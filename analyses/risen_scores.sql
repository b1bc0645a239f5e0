with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('scores') }}

),

a_week_before as (

    select
        scores.subject_type,
        scores.subject_id,
        scores.log_odds,
        scores.score
    from {{ history('scores') }} as scores
    inner join tonight on scores.as_of_date = tonight.as_of_date - interval 7 day

),

evidence as (

    select
        signal_hits.subject_type,
        signal_hits.subject_id,
        signal_hits.signal_id,
        signal_hits.as_of_date = tonight.as_of_date as is_tonight,
        signal_hits.contribution
    from {{ history('signal_hits') }} as signal_hits
    inner join tonight
        on signal_hits.as_of_date = tonight.as_of_date or signal_hits.as_of_date = tonight.as_of_date - interval 7 day

),

moved as (

    select
        evidence.subject_type,
        evidence.subject_id,
        evidence.signal_id,
        sum(case when evidence.is_tonight then evidence.contribution else -evidence.contribution end) as moved_by
    from evidence
    group by evidence.subject_type, evidence.subject_id, evidence.signal_id

),

most_moved as (

    select * from moved
    qualify row_number() over (partition by subject_type, subject_id order by moved_by desc, signal_id) = 1

)

select
    scores.subject_type,
    scores.subject_id,
    a_week_before.score as score_before,
    scores.score,
    scores.log_odds - a_week_before.log_odds as log_odds_gained,
    most_moved.signal_id as most_by,
    most_moved.moved_by as most_by_log_odds
from {{ ref('scores') }} as scores
inner join tonight on scores.as_of_date = tonight.as_of_date
inner join a_week_before
    on scores.subject_type = a_week_before.subject_type and scores.subject_id = a_week_before.subject_id
left join most_moved on scores.subject_type = most_moved.subject_type and scores.subject_id = most_moved.subject_id
where scores.log_odds > a_week_before.log_odds
order by scores.log_odds - a_week_before.log_odds desc, scores.subject_type, scores.subject_id
limit 100
