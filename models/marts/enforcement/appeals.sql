with

appeals_landed as (

    select * from {{ ref('int_enforcement__appeal_states') }}

),

actions as (

    select * from {{ ref('int_enforcement__action_states') }}

)

select
    appeals_landed.appeal_id,
    appeals_landed.action_id,
    appeals_landed.filed_at,
    appeals_landed.decided_at,
    appeals_landed.decided_by_hash,
    appeals_landed.outcome,
    appeals_landed.ground,
    appeals_landed.arrived_on as state_arrived_on,
    actions.action_id is not null as is_known_action,
    actions.case_id,
    actions.account_id,
    actions.action_type,
    actions.surface,
    actions.policy_clause_id,
    appeals_landed.is_deciding,
    appeals_landed.decided_by_hash <> actions.decided_by_hash as is_independent,
    {{ hours_between('actions.decided_at', 'appeals_landed.filed_at') }} as hours_action_to_filed,
    {{ hours_between('appeals_landed.filed_at', 'appeals_landed.decided_at') }} as hours_filed_to_decided
from appeals_landed
left join actions on appeals_landed.action_id = actions.action_id
