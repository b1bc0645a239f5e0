-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'enforcement_appeals') }}

),

cast_to_contract as (

    select
        cast(appeal_id as varchar) as appeal_id,
        cast(action_id as varchar) as action_id,
        cast(filed_at as timestamp) as filed_at,
        cast(decided_at as timestamp) as decided_at,
        cast(decided_by_hash as bigint) as decided_by_hash,
        cast(outcome as varchar) as outcome,
        cast(ground as varchar) as ground,
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
            when appeal_id is null then 'missing:appeal_id'
            when length(appeal_id) > 512 then 'too_long:appeal_id'
            when action_id is null then 'missing:action_id'
            when length(action_id) > 512 then 'too_long:action_id'
            when filed_at is null then 'missing:filed_at'
            when length(outcome) > 512 then 'too_long:outcome'
            when outcome not in ('upheld', 'overturned', 'partially_overturned') then 'vocabulary:outcome'
            when length(ground) > 512 then 'too_long:ground'
            when ground not in ('factual', 'procedural', 'goodwill') then 'vocabulary:ground'
            when cast(filed_at as date) > arrived_on then 'future:filed_at'
        end as fault
    from cast_to_contract

)

select
    appeal_id,
    action_id,
    filed_at,
    decided_at,
    decided_by_hash,
    outcome,
    ground,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
