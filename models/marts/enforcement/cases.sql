with

facts as (

    select * from {{ ref('int_enforcement__case_facts') }}

),

precedents as (

    select * from {{ ref('case_precedents') }}

),

nearest as (

    select
        case_id,
        {{ joined_text('precedent_case_id', ',', 'precedent_rank') }} as precedent_case_ids
    from precedents
    where precedent_rank <= 5
    group by case_id

),

support as (

    select
        facts.case_id,
        count(*) as supporting_precedent_count,
        cast({{ count_where('precedents.precedent_action_type = facts.action_type') }} as bigint) as same_action_count
    from facts
    inner join precedents on facts.case_id = precedents.case_id and precedents.is_support
    group by facts.case_id

)

select
    facts.case_id,
    facts.is_landed,
    facts.lead_ids,
    facts.actor_id,
    facts.tactic_id,
    facts.strength_grade,
    facts.strength_score,
    facts.opened_at,
    facts.decided_at,
    facts.policy_clause_id,
    facts.policy_version,
    facts.framework_version,
    facts.outcome,
    nearest.precedent_case_ids,
    facts.account_count,
    facts.action_count,
    facts.first_effective_at,
    facts.has_overturned_action,
    facts.is_proactive,
    facts.seen_on,
    facts.seen_release_id,
    facts.lacks_prior_verdict,
    coalesce(support.supporting_precedent_count, 0) as supporting_precedent_count,
    case
        when facts.action_type is not null
            then support.same_action_count / cast(support.supporting_precedent_count as double)
    end as same_action_share,
    case
        when facts.action_type is not null and support.supporting_precedent_count >= {{ var('minimum_precedents') }}
            then support.same_action_count / cast(support.supporting_precedent_count as double) < {{ var('rare_action_share') }}
    end as departs_from_precedents
from facts
left join nearest on facts.case_id = nearest.case_id
left join support on facts.case_id = support.case_id
