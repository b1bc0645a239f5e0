-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'contracts') }}

),

cast_to_contract as (

    select
        cast(contract_id as varchar) as contract_id,
        cast(account_id as varchar) as account_id,
        cast(approved_use as varchar) as approved_use,
        cast(scope as varchar) as scope,
        cast(valid_from as timestamp) as valid_from,
        cast(valid_to as timestamp) as valid_to,
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
            when contract_id is null then 'missing:contract_id'
            when length(contract_id) > 512 then 'too_long:contract_id'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when approved_use is null then 'missing:approved_use'
            when length(approved_use) > 512 then 'too_long:approved_use'
            when length(scope) > 512 then 'too_long:scope'
            when valid_from is null then 'missing:valid_from'
        end as fault
    from cast_to_contract

)

select
    contract_id,
    account_id,
    approved_use,
    scope,
    valid_from,
    valid_to,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
