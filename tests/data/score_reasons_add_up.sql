-- A score is its prior and its contributions, moved by an adopted calibration, to the last digit.
with

contributions as (

    select
        as_of_date,
        subject_type,
        subject_id,
        sum(contribution) as contribution,
        sum(resale_contribution) as resale_contribution
    from {{ ref('signal_hits') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
    group by as_of_date, subject_type, subject_id

),

scores as (

    select * from {{ ref('scores') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

raw as (

    select
        scores.as_of_date,
        scores.subject_type,
        scores.subject_id,
        scores.log_odds,
        scores.resale_log_odds,
        rule_set.intercept,
        rule_set.slope,
        rule_set.resale_intercept,
        rule_set.resale_slope,
        rule_set.prior_log_odds + coalesce(contributions.contribution, 0) as raw_log_odds,
        rule_set.resale_prior_log_odds + coalesce(contributions.resale_contribution, 0) as raw_resale_log_odds
    from scores
    inner join {{ ref('int_scores__rule_set') }} as rule_set on scores.subject_type = rule_set.subject_type
    left join contributions
        on scores.as_of_date = contributions.as_of_date
        and scores.subject_type = contributions.subject_type
        and scores.subject_id = contributions.subject_id

)

select
    as_of_date,
    subject_type,
    subject_id,
    log_odds,
    raw_log_odds
from raw
where log_odds <> raw_log_odds + {{ calibration_move('raw_log_odds', 'intercept', 'slope') }}
    or resale_log_odds <> raw_resale_log_odds + {{ calibration_move('raw_resale_log_odds', 'resale_intercept', 'resale_slope') }}
