-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'api_keys') }}

),

cast_to_contract as (

    select
        cast(api_key_id as varchar) as api_key_id,
        cast(account_id as varchar) as account_id,
        cast(created_at as timestamp) as created_at,
        cast(revoked_at as timestamp) as revoked_at,
        cast(reported_compromised_at as timestamp) as reported_compromised_at,
        cast(last_rotated_at as timestamp) as last_rotated_at,
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
            when api_key_id is null then 'missing:api_key_id'
            when length(api_key_id) > 512 then 'too_long:api_key_id'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when created_at is null then 'missing:created_at'
            when cast(created_at as date) > arrived_on then 'future:created_at'
        end as fault
    from cast_to_contract

)

select
    api_key_id,
    account_id,
    created_at,
    revoked_at,
    reported_compromised_at,
    last_rotated_at,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
