with

subjects as (

    select * from {{ ref('int_enforcement__case_subjects') }}

),

nights as (

    select
        subjects.case_id,
        subjects.subject_type,
        subjects.subject_id,
        max(scores.as_of_date) as as_of_date
    from subjects
    inner join {{ ref('scores') }} as scores
        on subjects.subject_type = scores.subject_type
        and subjects.subject_id = scores.subject_id
        and scores.as_of_date <= subjects.seen_on
    group by subjects.case_id, subjects.subject_type, subjects.subject_id

),

-- a signal counts by the greater of its two contributions: a case is of harvesting or of resale
speaking as (

    select
        nights.case_id,
        registry.tactic,
        registry.family,
        greatest(hits.contribution, hits.resale_contribution) as contribution
    from nights
    inner join {{ ref('signal_hits') }} as hits
        on nights.subject_type = hits.subject_type
        and nights.subject_id = hits.subject_id
        and nights.as_of_date = hits.as_of_date
    inner join {{ ref('signal_registry') }} as registry on hits.signal_id = registry.signal_id
    where greatest(hits.contribution, hits.resale_contribution) > 0

),

summed as (

    select
        case_id,
        tactic,
        family,
        sum(contribution) as contribution
    from speaking
    group by case_id, tactic, family

)

select
    case_id,
    tactic,
    family,
    contribution,
    cast(contribution as double) / cast(sum(contribution) over (partition by case_id) as double) as contribution_share
from summed
