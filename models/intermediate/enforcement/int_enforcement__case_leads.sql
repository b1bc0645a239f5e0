with

actions as (

    select * from {{ ref('int_enforcement__action_states') }}

),

leads as (

    select * from {{ ref('int_review__leads') }}

),

verdicts as (

    select * from {{ ref('int_review__verdicts') }}

),

named_cases as (

    select case_id, lead_id from actions
    union
    select case_id, cast(null as {{ dbt.type_string() }}) as lead_id
    from {{ latest_state(ref('int_case_assessments__keep_states'), 'assessment_id') }} as latest_assessments
    union
    select case_id, cast(null as {{ dbt.type_string() }}) as lead_id
    from {{ latest_state(ref('int_case_escalations__keep_states'), 'escalation_id') }} as latest_escalations
    union
    select case_id, cast(null as {{ dbt.type_string() }}) as lead_id
    from {{ latest_state(ref('int_partner_referrals__keep_states'), 'referral_id') }} as latest_referrals

),

-- a landed case may carry the id of the lead it grew from
landed_pairs as (

    select case_id, lead_id from named_cases where lead_id is not null
    union
    select named_cases.case_id, leads.lead_id
    from named_cases
    inner join leads on named_cases.case_id = leads.lead_id

),

landed as (

    select distinct
        named_cases.case_id,
        landed_pairs.lead_id,
        true as is_landed
    from named_cases
    left join landed_pairs on named_cases.case_id = landed_pairs.case_id

),

-- a case is its lead until a landed case names it
unnamed as (

    select
        verdicts.lead_id as case_id,
        verdicts.lead_id,
        false as is_landed
    from verdicts
    inner join leads on verdicts.lead_id = leads.lead_id
    left join landed_pairs on verdicts.lead_id = landed_pairs.lead_id
    where landed_pairs.lead_id is null

)

select case_id, lead_id, is_landed from landed
union all
select case_id, lead_id, is_landed from unnamed
