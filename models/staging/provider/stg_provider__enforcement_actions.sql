-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'enforcement_actions') }}

),

cast_to_contract as (

    select
        cast(landed.action_id as {{ dbt.type_string() }}) as action_id,
        cast(landed.case_id as {{ dbt.type_string() }}) as case_id,
        cast(landed.account_id as {{ dbt.type_string() }}) as account_id,
        cast(landed.actor_id as {{ dbt.type_string() }}) as actor_id,
        cast(landed.action_type as {{ dbt.type_string() }}) as action_type,
        cast(landed.surface as {{ dbt.type_string() }}) as surface,
        cast(landed.partner as {{ dbt.type_string() }}) as partner,
        cast(landed.scope as {{ dbt.type_string() }}) as scope,
        cast(landed.policy_clause_id as {{ dbt.type_string() }}) as policy_clause_id,
        cast(landed.policy_version as {{ dbt.type_string() }}) as policy_version,
        cast(landed.framework_version as {{ dbt.type_string() }}) as framework_version,
        try_cast(landed.decided_at as timestamp) as decided_at,
        try_cast(landed.notice_sent_at as timestamp) as notice_sent_at,
        try_cast(landed.effective_at as timestamp) as effective_at,
        try_cast(landed.expires_at as timestamp) as expires_at,
        try_cast(landed.reversed_at as timestamp) as reversed_at,
        cast(landed.reversal_ground as {{ dbt.type_string() }}) as reversal_ground,
        try_cast(landed.decided_by_hash as bigint) as decided_by_hash,
        cast(landed.escalation_path as {{ dbt.type_string() }}) as escalation_path,
        cast(landed.release_id as {{ dbt.type_string() }}) as release_id,
        cast(landed.lead_id as {{ dbt.type_string() }}) as lead_id,
        cast(landed.rationale_ref as {{ dbt.type_string() }}) as rationale_ref,
        case
            when landed.decided_at is not null and try_cast(landed.decided_at as timestamp) is null then 'type:decided_at'
            when landed.notice_sent_at is not null and try_cast(landed.notice_sent_at as timestamp) is null then 'type:notice_sent_at'
            when landed.effective_at is not null and try_cast(landed.effective_at as timestamp) is null then 'type:effective_at'
            when landed.expires_at is not null and try_cast(landed.expires_at as timestamp) is null then 'type:expires_at'
            when landed.reversed_at is not null and try_cast(landed.reversed_at as timestamp) is null then 'type:reversed_at'
            when landed.decided_by_hash is not null and try_cast(landed.decided_by_hash as bigint) is null then 'type:decided_by_hash'
        end as type_fault,
        cast(landed.arrived_on as date) as arrived_on,
        landed.source_file,
        landed.source_row
    from landed

),

-- the first breach of the contract names the row's fault; NULL is a sound row
screened as (

    select
        *,
        case
            when type_fault is not null then type_fault
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
            when decided_at < timestamp '2000-01-01' then 'range:decided_at'
            when decided_at > timestamp '9999-12-31' then 'range:decided_at'
            when notice_sent_at < timestamp '2000-01-01' then 'range:notice_sent_at'
            when notice_sent_at > timestamp '9999-12-31' then 'range:notice_sent_at'
            when effective_at < timestamp '2000-01-01' then 'range:effective_at'
            when effective_at > timestamp '9999-12-31' then 'range:effective_at'
            when expires_at < timestamp '2000-01-01' then 'range:expires_at'
            when expires_at > timestamp '9999-12-31' then 'range:expires_at'
            when reversed_at < timestamp '2000-01-01' then 'range:reversed_at'
            when reversed_at > timestamp '9999-12-31' then 'range:reversed_at'
            when length(reversal_ground) > 512 then 'too_long:reversal_ground'
            when decided_by_hash is null then 'missing:decided_by_hash'
            when length(escalation_path) > 512 then 'too_long:escalation_path'
            when escalation_path not in ('automated', 'reviewer', 'legal', 'partner') then 'vocabulary:escalation_path'
            when length(release_id) > 512 then 'too_long:release_id'
            when length(lead_id) > 512 then 'too_long:lead_id'
            when length(rationale_ref) > 512 then 'too_long:rationale_ref'
            when cast(decided_at as date) > arrived_on then 'future:decided_at'
            when {{ has_foreign_characters('id', ['action_id', 'case_id', 'account_id', 'actor_id', 'policy_clause_id', 'release_id', 'lead_id', 'rationale_ref']) }} then
                case
                    when {{ has_foreign_characters('id', ['action_id']) }} then 'characters:action_id'
                    when {{ has_foreign_characters('id', ['case_id']) }} then 'characters:case_id'
                    when {{ has_foreign_characters('id', ['account_id']) }} then 'characters:account_id'
                    when {{ has_foreign_characters('id', ['actor_id']) }} then 'characters:actor_id'
                    when {{ has_foreign_characters('id', ['policy_clause_id']) }} then 'characters:policy_clause_id'
                    when {{ has_foreign_characters('id', ['release_id']) }} then 'characters:release_id'
                    when {{ has_foreign_characters('id', ['lead_id']) }} then 'characters:lead_id'
                    when {{ has_foreign_characters('id', ['rationale_ref']) }} then 'characters:rationale_ref'
                end
            when {{ has_foreign_characters('text', ['partner', 'scope', 'policy_version', 'framework_version', 'reversal_ground']) }} then
                case
                    when {{ has_foreign_characters('text', ['partner']) }} then 'characters:partner'
                    when {{ has_foreign_characters('text', ['scope']) }} then 'characters:scope'
                    when {{ has_foreign_characters('text', ['policy_version']) }} then 'characters:policy_version'
                    when {{ has_foreign_characters('text', ['framework_version']) }} then 'characters:framework_version'
                    when {{ has_foreign_characters('text', ['reversal_ground']) }} then 'characters:reversal_ground'
                end
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
    {{ rekeyed_number('decided_by_hash', 'staff') }} as decided_by_hash,
    escalation_path,
    release_id,
    lead_id,
    rationale_ref,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
