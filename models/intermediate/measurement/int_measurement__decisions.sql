-- many accounts of one actor get one decision; it is counted once per case, surface and partner, by its severest action
with

ranked as (

    select
        actions.*,
        row_number() over (
            partition by actions.case_id, actions.surface, coalesce(actions.partner, '')
            order by actions.severity_rank desc, actions.decided_at, actions.action_id
        ) as weight_rank
    from {{ ref('actions') }} as actions

),

cases as (

    select * from {{ ref('cases') }}

),

verdict_times as (

    select case_leads.case_id, min(verdicts.decided_at) as verdict_at
    from {{ ref('int_enforcement__case_leads') }} as case_leads
    inner join {{ ref('int_review__verdicts') }} as verdicts on case_leads.lead_id = verdicts.lead_id
    where verdicts.verdict = 'violation'
    group by case_leads.case_id

)

select
    ranked.action_id,
    ranked.case_id,
    ranked.surface,
    coalesce(ranked.partner, '') as partner,
    ranked.action_type,
    cast(ranked.decided_by_hash as {{ dbt.type_string() }}) as decided_by,
    substr(cast(cast(ranked.decided_at as date) as {{ dbt.type_string() }}), 1, 7) as period,
    ranked.policy_clause_id,
    coalesce(cases.tactic_id, 'unknown') as tactic_id,
    coalesce(cases.strength_grade, 'ungraded') as strength_grade,
    {{ hours_between('verdict_times.verdict_at', 'ranked.decided_at') }} as hours_to_act
from ranked
left join cases on ranked.case_id = cases.case_id
left join verdict_times on ranked.case_id = verdict_times.case_id
where ranked.weight_rank = 1
