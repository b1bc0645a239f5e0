with

actions_landed as (

    select * from {{ ref('int_enforcement__action_states') }}

),

leads as (

    select * from {{ ref('int_review__leads') }}

),

account_keys as (

    select account_id from {{ ref('int_accounts__assign_keys') }}

),

actors as (

    select distinct actor_id from {{ ref('actor_members') }}
    where as_of_date <= {{ as_of_to() }}

),

external_leads as (

    select * from {{ ref('int_enforcement__external_leads') }}

),

prior_verdicts as (

    select * from {{ ref('int_enforcement__prior_verdicts') }}

),

clauses as (

    select distinct policy_clause_id from {{ ref('policy_clauses') }}

),

clause_versions as (

    select distinct policy_version from {{ ref('policy_clauses') }}

),

frameworks as (

    select cast(framework_version as {{ dbt.type_string() }}) as framework_version from {{ ref('framework_calendar') }}

)

select
    actions_landed.action_id,
    actions_landed.case_id,
    actions_landed.account_id,
    actions_landed.actor_id,
    actions_landed.action_type,
    actions_landed.surface,
    actions_landed.partner,
    actions_landed.scope,
    actions_landed.policy_clause_id,
    actions_landed.policy_version,
    actions_landed.framework_version,
    actions_landed.decided_at,
    actions_landed.notice_sent_at,
    actions_landed.effective_at,
    actions_landed.expires_at,
    actions_landed.reversed_at,
    actions_landed.reversal_ground,
    actions_landed.decided_by_hash,
    actions_landed.escalation_path,
    actions_landed.release_id,
    actions_landed.lead_id,
    actions_landed.rationale_ref,
    actions_landed.arrived_on as state_arrived_on,
    account_keys.account_id is not null as is_known_account,
    actions_landed.actor_id is null or actors.actor_id is not null as is_known_actor,
    actions_landed.lead_id is null or leads.lead_id is not null as is_known_lead,
    case
        when leads.lead_id is null then null
        when leads.selection = 'external' then false
        else coalesce(least(actor_words.first_received_at, account_words.first_received_at) >= leads.first_queued_on + 1, true)
    end as is_proactive,
    coalesce(
        actions_landed.action_type <> 'no_action'
        and actions_landed.effective_at < {{ as_of_to() }} + 1
        and (actions_landed.reversed_at is null or actions_landed.reversed_at >= {{ as_of_to() }} + 1)
        and (actions_landed.expires_at is null or actions_landed.expires_at >= {{ as_of_to() }} + 1),
        false
    ) as is_in_force,
    actions_landed.severity_rank,
    {{ hours_between('actions_landed.decided_at', 'actions_landed.notice_sent_at') }} as hours_decided_to_notice,
    {{ hours_between('actions_landed.decided_at', 'actions_landed.effective_at') }} as hours_decided_to_effect,
    actions_landed.appeal_count,
    actions_landed.decided_appeal_count,
    actions_landed.is_overturned,
    actions_landed.is_partly_overturned,
    actions_landed.overturn_ground,
    prior_verdicts.prior_verdict,
    coalesce(prior_verdicts.has_prior_verdict, false) as has_prior_verdict,
    actions_landed.action_type in ('suspension', 'termination')
        and not coalesce(prior_verdicts.has_prior_verdict, false) as lacks_prior_verdict,
    clauses.policy_clause_id is not null as is_known_clause,
    actions_landed.policy_version is null or clause_versions.policy_version is not null as is_known_policy_version,
    actions_landed.framework_version is null or frameworks.framework_version is not null as is_known_framework_version
from actions_landed
left join prior_verdicts on actions_landed.action_id = prior_verdicts.action_id
left join clauses on actions_landed.policy_clause_id = clauses.policy_clause_id
left join clause_versions on actions_landed.policy_version = clause_versions.policy_version
left join frameworks on actions_landed.framework_version = frameworks.framework_version
left join leads on actions_landed.lead_id = leads.lead_id
left join account_keys on actions_landed.account_id = account_keys.account_id
left join actors on actions_landed.actor_id = actors.actor_id
left join external_leads as account_words
    on account_words.subject_type = 'account' and actions_landed.account_id = account_words.subject_id
left join external_leads as actor_words
    on actor_words.subject_type = 'actor' and actions_landed.actor_id = actor_words.subject_id
