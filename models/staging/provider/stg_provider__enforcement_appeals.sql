-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'enforcement_appeals') }}

),

cast_to_contract as (

    select
        cast(landed.appeal_id as {{ dbt.type_string() }}) as appeal_id,
        cast(landed.action_id as {{ dbt.type_string() }}) as action_id,
        try_cast(landed.filed_at as timestamp) as filed_at,
        try_cast(landed.decided_at as timestamp) as decided_at,
        try_cast(landed.decided_by_hash as bigint) as decided_by_hash,
        cast(landed.outcome as {{ dbt.type_string() }}) as outcome,
        cast(landed.ground as {{ dbt.type_string() }}) as ground,
        case
            when landed.filed_at is not null and try_cast(landed.filed_at as timestamp) is null then 'type:filed_at'
            when landed.decided_at is not null and try_cast(landed.decided_at as timestamp) is null then 'type:decided_at'
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
            when appeal_id is null then 'missing:appeal_id'
            when length(appeal_id) > 512 then 'too_long:appeal_id'
            when action_id is null then 'missing:action_id'
            when length(action_id) > 512 then 'too_long:action_id'
            when filed_at is null then 'missing:filed_at'
            when filed_at < timestamp '2000-01-01' then 'range:filed_at'
            when filed_at > timestamp '9999-12-31' then 'range:filed_at'
            when decided_at < timestamp '2000-01-01' then 'range:decided_at'
            when decided_at > timestamp '9999-12-31' then 'range:decided_at'
            when length(outcome) > 512 then 'too_long:outcome'
            when outcome not in ('upheld', 'overturned', 'partially_overturned') then 'vocabulary:outcome'
            when length(ground) > 512 then 'too_long:ground'
            when ground not in ('factual', 'procedural', 'goodwill') then 'vocabulary:ground'
            when cast(filed_at as date) > arrived_on then 'future:filed_at'
            when {{ has_foreign_characters('id', ['appeal_id', 'action_id']) }} then
                case
                    when {{ has_foreign_characters('id', ['appeal_id']) }} then 'characters:appeal_id'
                    when {{ has_foreign_characters('id', ['action_id']) }} then 'characters:action_id'
                end
        end as fault
    from cast_to_contract

)

select
    appeal_id,
    action_id,
    filed_at,
    decided_at,
    {{ rekeyed_number('decided_by_hash', 'staff') }} as decided_by_hash,
    outcome,
    ground,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
