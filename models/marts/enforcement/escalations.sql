with

escalations_landed as (

    select * from {{ latest_state(ref('int_case_escalations__keep_states'), 'escalation_id') }} as latest_states

),

known_cases as (

    select distinct case_id from {{ ref('int_enforcement__case_leads') }}
    where is_landed and lead_id is not null

)

select
    escalations_landed.escalation_id,
    escalations_landed.case_id,
    escalations_landed.channel,
    escalations_landed.sent_at,
    escalations_landed.due_at,
    escalations_landed.decided_at,
    escalations_landed.outcome,
    escalations_landed.legal_hold,
    escalations_landed.hold_released_at,
    escalations_landed.arrived_on as state_arrived_on,
    known_cases.case_id is not null as is_known_case,
    coalesce(escalations_landed.decided_at is null and escalations_landed.due_at < {{ as_of_to() }} + 1, false) as is_past_due,
    coalesce(escalations_landed.legal_hold and escalations_landed.hold_released_at is null, false) as is_on_hold,
    {{ hours_between('escalations_landed.sent_at', 'escalations_landed.decided_at') }} as hours_sent_to_decided,
    case
        when escalations_landed.decided_at is not null then 'decided'
        when escalations_landed.due_at < {{ as_of_to() }} + 1 then 'past_due'
        else 'waiting'
    end as escalation_state,
    case
        when not coalesce(escalations_landed.legal_hold, false) then 'none'
        when escalations_landed.hold_released_at < {{ as_of_to() }} + 1 then 'released'
        else 'held'
    end as hold_state
from escalations_landed
left join known_cases on escalations_landed.case_id = known_cases.case_id
