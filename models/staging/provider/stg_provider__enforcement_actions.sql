-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'enforcement_actions') }}

),

cast_to_contract as (

    select
        cast(action_id as varchar) as action_id,
        cast(case_id as varchar) as case_id,
        cast(account_id as varchar) as account_id,
        cast(actor_id as varchar) as actor_id,
        cast(action_type as varchar) as action_type,
        cast(surface as varchar) as surface,
        cast(partner as varchar) as partner,
        cast(scope as varchar) as scope,
        cast(policy_clause_id as varchar) as policy_clause_id,
        cast(policy_version as varchar) as policy_version,
        cast(framework_version as varchar) as framework_version,
        cast(decided_at as timestamp) as decided_at,
        cast(notice_sent_at as timestamp) as notice_sent_at,
        cast(effective_at as timestamp) as effective_at,
        cast(expires_at as timestamp) as expires_at,
        cast(reversed_at as timestamp) as reversed_at,
        cast(reversal_ground as varchar) as reversal_ground,
        cast(decided_by_hash as bigint) as decided_by_hash,
        cast(escalation_path as varchar) as escalation_path,
        cast(release_id as varchar) as release_id,
        cast(lead_id as varchar) as lead_id,
        cast(rationale_ref as varchar) as rationale_ref,
        cast(arrived_on as date) as arrived_on,
        source_file,
        source_row
    from landed

),

-- the first breach of the contract names the row's fault; NULL is a sound row
screened as (

    select
        *,
        case
            when action_id is null then 'missing:action_id'
            when length(action_id) > 512 then 'too_long:action_id'
            when case_id is null then 'missing:case_id'
            when length(case_id) > 512 then 'too_long:case_id'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when length(actor_id) > 512 then 'too_long:actor_id'
            when action_type is null then 'missing:action_type'
            when length(action_type) > 512 then 'too_long:action_type'
            when action_type not in ('warning', 'rate_limit', 'feature_block', 'suspension', 'termination', 'victim_notice', 'key_revocation', 'no_action') then 'vocabulary:action_type'
            when surface is null then 'missing:surface'
            when length(surface) > 512 then 'too_long:surface'
            when surface not in ('all', 'api', 'chat', 'coding_agent', 'partner_cloud') then 'vocabulary:surface'
            when length(partner) > 512 then 'too_long:partner'
            when length(scope) > 512 then 'too_long:scope'
            when policy_clause_id is null then 'missing:policy_clause_id'
            when length(policy_clause_id) > 512 then 'too_long:policy_clause_id'
            when length(policy_version) > 512 then 'too_long:policy_version'
            when length(framework_version) > 512 then 'too_long:framework_version'
            when decided_at is null then 'missing:decided_at'
            when length(reversal_ground) > 512 then 'too_long:reversal_ground'
            when decided_by_hash is null then 'missing:decided_by_hash'
            when length(escalation_path) > 512 then 'too_long:escalation_path'
            when escalation_path not in ('automated', 'reviewer', 'legal', 'partner') then 'vocabulary:escalation_path'
            when length(release_id) > 512 then 'too_long:release_id'
            when length(lead_id) > 512 then 'too_long:lead_id'
            when length(rationale_ref) > 512 then 'too_long:rationale_ref'
            when cast(decided_at as date) > arrived_on then 'future:decided_at'
        end as fault
    from cast_to_contract

)

select
    action_id,
    case_id,
    account_id,
    actor_id,
    action_type,
    surface,
    partner,
    scope,
    policy_clause_id,
    policy_version,
    framework_version,
    decided_at,
    notice_sent_at,
    effective_at,
    expires_at,
    reversed_at,
    reversal_ground,
    decided_by_hash,
    escalation_path,
    release_id,
    lead_id,
    rationale_ref,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
