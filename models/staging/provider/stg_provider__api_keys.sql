-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'api_keys') }}

),

cast_to_contract as (

    select
        cast(landed.api_key_id as {{ dbt.type_string() }}) as api_key_id,
        cast(landed.account_id as {{ dbt.type_string() }}) as account_id,
        try_cast(landed.created_at as timestamp) as created_at,
        try_cast(landed.revoked_at as timestamp) as revoked_at,
        try_cast(landed.reported_compromised_at as timestamp) as reported_compromised_at,
        try_cast(landed.last_rotated_at as timestamp) as last_rotated_at,
        case
            when landed.created_at is not null and try_cast(landed.created_at as timestamp) is null then 'type:created_at'
            when landed.revoked_at is not null and try_cast(landed.revoked_at as timestamp) is null then 'type:revoked_at'
            when landed.reported_compromised_at is not null and try_cast(landed.reported_compromised_at as timestamp) is null then 'type:reported_compromised_at'
            when landed.last_rotated_at is not null and try_cast(landed.last_rotated_at as timestamp) is null then 'type:last_rotated_at'
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
            when api_key_id is null then 'missing:api_key_id'
            when length(api_key_id) > 512 then 'too_long:api_key_id'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when created_at is null then 'missing:created_at'
            when created_at < timestamp '2000-01-01' then 'range:created_at'
            when created_at > timestamp '9999-12-31' then 'range:created_at'
            when revoked_at < timestamp '2000-01-01' then 'range:revoked_at'
            when revoked_at > timestamp '9999-12-31' then 'range:revoked_at'
            when reported_compromised_at < timestamp '2000-01-01' then 'range:reported_compromised_at'
            when reported_compromised_at > timestamp '9999-12-31' then 'range:reported_compromised_at'
            when last_rotated_at < timestamp '2000-01-01' then 'range:last_rotated_at'
            when last_rotated_at > timestamp '9999-12-31' then 'range:last_rotated_at'
            when cast(created_at as date) > arrived_on then 'future:created_at'
            when {{ has_foreign_characters('id', ['api_key_id', 'account_id']) }} then
                case
                    when {{ has_foreign_characters('id', ['api_key_id']) }} then 'characters:api_key_id'
                    when {{ has_foreign_characters('id', ['account_id']) }} then 'characters:account_id'
                end
        end as fault
    from cast_to_contract

)

select
    {{ rekeyed_text('api_key_id', 'api_key') }} as api_key_id,
    {{ rekeyed_text('account_id', 'account') }} as account_id,
    created_at,
    revoked_at,
    reported_compromised_at,
    last_rotated_at,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
