with

judged as (

    select
        leads.lead_id,
        leads.subject_type,
        leads.subject_id,
        try_cast(substr(verdicts.release_id, 1, 10) as date) as seen_on
    from {{ ref('int_measurement__leads') }} as leads
    inner join {{ ref('int_review__verdicts') }} as verdicts on leads.lead_id = verdicts.lead_id
    where leads.verdict in ('violation', 'benign')

),

-- the rule set that scored the night, whose prior and contributions the reviewer saw
scored as (

    select
        judged.*,
        scores.ruleset_version
    from judged
    inner join {{ ref('scores') }} as scores
        on judged.seen_on = scores.as_of_date
        and judged.subject_type = scores.subject_type
        and judged.subject_id = scores.subject_id

),

priors as (

    select * from {{ ref('int_scores__rule_set') }}

)

select
    scored.lead_id,
    scored.subject_type,
    scored.subject_id,
    scored.seen_on,
    scored.ruleset_version,
    'prior' as signal_id,
    0 as signal_version,
    priors.prior_log_odds as contribution,
    priors.resale_prior_log_odds as resale_contribution
from scored
inner join priors
    on scored.subject_type = priors.subject_type
    and scored.ruleset_version = priors.ruleset_version

union all

select
    scored.lead_id,
    scored.subject_type,
    scored.subject_id,
    scored.seen_on,
    scored.ruleset_version,
    signal_hits.signal_id,
    signal_hits.signal_version,
    signal_hits.contribution,
    signal_hits.resale_contribution
from scored
inner join {{ ref('signal_hits') }} as signal_hits
    on scored.seen_on = signal_hits.as_of_date
    and scored.subject_type = signal_hits.subject_type
    and scored.subject_id = signal_hits.subject_id
where signal_hits.contribution <> 0 or signal_hits.resale_contribution <> 0
