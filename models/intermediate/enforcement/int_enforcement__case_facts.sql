with

case_leads as (

    select * from {{ ref('int_enforcement__case_leads') }}

),

leads as (

    select * from {{ ref('int_review__leads') }}

),

verdicts as (

    select * from {{ ref('int_review__verdicts') }}

),

actions as (

    select * from {{ ref('actions') }}

),

strength as (

    select * from {{ ref('int_enforcement__case_strength') }}

),

escalations as (

    select * from {{ ref('escalations') }}

),

referrals as (

    select * from {{ ref('referrals') }}

),

seen as (

    select
        case_id,
        max(seen_on) as seen_on,
        max(release_id) as seen_release_id
    from {{ ref('int_enforcement__case_subjects') }}
    group by case_id

),

account_counts as (

    select case_id, count(*) as account_count
    from {{ ref('int_enforcement__case_accounts') }}
    group by case_id

),

lead_facts as (

    select
        case_leads.case_id,
        bool_or(case_leads.is_landed) as is_landed,
        {{ joined_text('case_leads.lead_id', ',', 'case_leads.lead_id') }} as lead_ids,
        min(case when leads.subject_type = 'actor' then leads.subject_id end) as actor_id,
        min(leads.suggested_clause) as suggested_clause,
        min(cast(leads.first_queued_on + 1 as timestamp)) as first_queued_at,
        min(verdicts.opened_at) as first_opened_at,
        max(verdicts.decided_at) as verdict_at,
        max(verdicts.tactic_id) as tactic_id,
        max(case when verdicts.verdict = 'violation' then verdicts.policy_clause_id end) as policy_clause_id,
        -- one lead found in breach makes the case one of violation; an undecided one keeps it open
        bool_or(verdicts.verdict = 'violation') as has_violation,
        bool_or(verdicts.lead_id is not null and verdicts.verdict is null) as has_open_review,
        bool_or(verdicts.verdict = 'benign') as has_benign
    from case_leads
    left join leads on case_leads.lead_id = leads.lead_id
    left join verdicts on case_leads.lead_id = verdicts.lead_id
    group by case_leads.case_id

),

ranked_actions as (

    select
        *,
        row_number() over (
            partition by case_id order by is_overturned, severity_rank desc, decided_at, action_id
        ) as weight_rank
    from actions

),

action_facts as (

    select
        case_id,
        count(*) as action_count,
        min(decided_at) as first_decided_at,
        min(effective_at) as first_effective_at,
        max(actor_id) as actor_id,
        bool_and(is_overturned) as is_overturned,
        bool_or(is_overturned) as has_overturned_action,
        bool_and(is_proactive) as is_proactive,
        max(release_id) as release_id,
        bool_or(lacks_prior_verdict) as lacks_prior_verdict,
        max(case when weight_rank = 1 then action_type end) as action_type,
        max(case when weight_rank = 1 then policy_clause_id end) as policy_clause_id,
        max(case when weight_rank = 1 then policy_version end) as policy_version,
        max(case when weight_rank = 1 then framework_version end) as framework_version
    from ranked_actions
    group by case_id

),

first_mentions as (

    select case_id, min(mentioned_at) as first_mentioned_at
    from (
        select case_id, assessed_at as mentioned_at from {{ ref('assessments') }}
        union all
        select case_id, sent_at as mentioned_at from escalations
        union all
        select case_id, sent_at as mentioned_at from referrals
    ) as mentions
    group by case_id

)

select
    lead_facts.case_id,
    lead_facts.is_landed,
    lead_facts.lead_ids,
    coalesce(action_facts.actor_id, lead_facts.actor_id) as actor_id,
    lead_facts.tactic_id,
    strength.strength_grade,
    strength.strength_score,
    strength.last_assessed_at,
    seen.seen_on,
    coalesce(seen.seen_release_id, action_facts.release_id) as seen_release_id,
    coalesce(
        least(lead_facts.first_queued_at, lead_facts.first_opened_at),
        least(action_facts.first_decided_at, first_mentions.first_mentioned_at)
    ) as opened_at,
    case
        when action_facts.first_decided_at is not null then action_facts.first_decided_at
        when not lead_facts.has_violation and not lead_facts.has_open_review then lead_facts.verdict_at
    end as decided_at,
    coalesce(action_facts.policy_clause_id, lead_facts.policy_clause_id) as policy_clause_id,
    coalesce(action_facts.policy_clause_id, lead_facts.policy_clause_id, lead_facts.suggested_clause) as likely_clause_id,
    action_facts.policy_version,
    action_facts.framework_version,
    action_facts.action_type,
    case
        when action_facts.is_overturned then 'overturned'
        when action_facts.action_type is not null then action_facts.action_type
        when lead_facts.has_violation or lead_facts.has_open_review then null
        when lead_facts.has_benign then 'benign'
        when lead_facts.verdict_at is not null then 'insufficient'
    end as outcome,
    coalesce(account_counts.account_count, 0) as account_count,
    coalesce(action_facts.action_count, 0) as action_count,
    action_facts.first_effective_at,
    coalesce(action_facts.has_overturned_action, false) as has_overturned_action,
    action_facts.is_proactive,
    coalesce(action_facts.lacks_prior_verdict, false) as lacks_prior_verdict
from lead_facts
left join action_facts on lead_facts.case_id = action_facts.case_id
left join strength on lead_facts.case_id = strength.case_id
left join first_mentions on lead_facts.case_id = first_mentions.case_id
left join seen on lead_facts.case_id = seen.case_id
left join account_counts on lead_facts.case_id = account_counts.case_id
