-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'case_escalations') }}

),

cast_to_contract as (

    select
        cast(landed.escalation_id as {{ dbt.type_string() }}) as escalation_id,
        cast(landed.case_id as {{ dbt.type_string() }}) as case_id,
        cast(landed.channel as {{ dbt.type_string() }}) as channel,
        try_cast(landed.sent_at as timestamp) as sent_at,
        try_cast(landed.due_at as timestamp) as due_at,
        try_cast(landed.decided_at as timestamp) as decided_at,
        cast(landed.outcome as {{ dbt.type_string() }}) as outcome,
        try_cast(landed.legal_hold as boolean) as legal_hold,
        try_cast(landed.hold_released_at as timestamp) as hold_released_at,
        case
            when landed.sent_at is not null and try_cast(landed.sent_at as timestamp) is null then 'type:sent_at'
            when landed.due_at is not null and try_cast(landed.due_at as timestamp) is null then 'type:due_at'
            when landed.decided_at is not null and try_cast(landed.decided_at as timestamp) is null then 'type:decided_at'
            when landed.legal_hold is not null and try_cast(landed.legal_hold as boolean) is null then 'type:legal_hold'
            when landed.hold_released_at is not null and try_cast(landed.hold_released_at as timestamp) is null then 'type:hold_released_at'
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
            when escalation_id is null then 'missing:escalation_id'
            when length(escalation_id) > 512 then 'too_long:escalation_id'
            when case_id is null then 'missing:case_id'
            when length(case_id) > 512 then 'too_long:case_id'
            when channel is null then 'missing:channel'
            when length(channel) > 512 then 'too_long:channel'
            when channel not in ('legal', 'policy', 'executive', 'partner', 'law_enforcement') then 'vocabulary:channel'
            when sent_at is null then 'missing:sent_at'
            when sent_at < timestamp '2000-01-01' then 'range:sent_at'
            when sent_at > timestamp '9999-12-31' then 'range:sent_at'
            when due_at < timestamp '2000-01-01' then 'range:due_at'
            when due_at > timestamp '9999-12-31' then 'range:due_at'
            when decided_at < timestamp '2000-01-01' then 'range:decided_at'
            when decided_at > timestamp '9999-12-31' then 'range:decided_at'
            when length(outcome) > 512 then 'too_long:outcome'
            when hold_released_at < timestamp '2000-01-01' then 'range:hold_released_at'
            when hold_released_at > timestamp '9999-12-31' then 'range:hold_released_at'
            when cast(sent_at as date) > arrived_on then 'future:sent_at'
            when {{ has_foreign_characters('id', ['escalation_id', 'case_id']) }} then
                case
                    when {{ has_foreign_characters('id', ['escalation_id']) }} then 'characters:escalation_id'
                    when {{ has_foreign_characters('id', ['case_id']) }} then 'characters:case_id'
                end
            when {{ has_foreign_characters('text', ['outcome']) }} then
                case
                    when {{ has_foreign_characters('text', ['outcome']) }} then 'characters:outcome'
                end
        end as fault
    from cast_to_contract

)

select
    escalation_id,
    case_id,
    channel,
    sent_at,
    due_at,
    decided_at,
    outcome,
    legal_hold,
    hold_released_at,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
