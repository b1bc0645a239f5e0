-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'case_escalations') }}

),

cast_to_contract as (

    select
        cast(escalation_id as varchar) as escalation_id,
        cast(case_id as varchar) as case_id,
        cast(channel as varchar) as channel,
        cast(sent_at as timestamp) as sent_at,
        cast(due_at as timestamp) as due_at,
        cast(decided_at as timestamp) as decided_at,
        cast(outcome as varchar) as outcome,
        cast(legal_hold as boolean) as legal_hold,
        cast(hold_released_at as timestamp) as hold_released_at,
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
            when escalation_id is null then 'missing:escalation_id'
            when length(escalation_id) > 512 then 'too_long:escalation_id'
            when case_id is null then 'missing:case_id'
            when length(case_id) > 512 then 'too_long:case_id'
            when channel is null then 'missing:channel'
            when length(channel) > 512 then 'too_long:channel'
            when channel not in ('legal', 'policy', 'executive', 'partner', 'law_enforcement') then 'vocabulary:channel'
            when sent_at is null then 'missing:sent_at'
            when length(outcome) > 512 then 'too_long:outcome'
            when cast(sent_at as date) > arrived_on then 'future:sent_at'
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
