-- A score is its prior and its contributions, to the last digit.
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

)

select
    scores.as_of_date,
    scores.subject_type,
    scores.subject_id,
    scores.log_odds,
    contributions.contribution
from scores
inner join {{ ref('score_priors') }} as score_priors on scores.subject_type = score_priors.subject_type
left join contributions
    on scores.as_of_date = contributions.as_of_date
    and scores.subject_type = contributions.subject_type
    and scores.subject_id = contributions.subject_id
where scores.log_odds
    <> cast(score_priors.prior_log_odds as decimal(9, 4)) + coalesce(contributions.contribution, 0)
    or scores.resale_log_odds
    <> cast(score_priors.resale_prior_log_odds as decimal(9, 4)) + coalesce(contributions.resale_contribution, 0)
