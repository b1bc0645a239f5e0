-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'billing_credits') }}

),

cast_to_contract as (

    select
        cast(credit_id as varchar) as credit_id,
        cast(account_id as varchar) as account_id,
        cast(created_at as timestamp) as created_at,
        cast(kind as varchar) as kind,
        cast(amount as bigint) as amount,
        cast(currency as varchar) as currency,
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
            when credit_id is null then 'missing:credit_id'
            when length(credit_id) > 512 then 'too_long:credit_id'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when created_at is null then 'missing:created_at'
            when kind is null then 'missing:kind'
            when length(kind) > 512 then 'too_long:kind'
            when kind not in ('trial', 'promotional', 'prepaid', 'refund', 'consumption') then 'vocabulary:kind'
            when amount is null then 'missing:amount'
            when amount < 0 then 'range:amount'
            when length(currency) > 512 then 'too_long:currency'
            when cast(created_at as date) > arrived_on then 'future:created_at'
        end as fault
    from cast_to_contract

)

select
    credit_id,
    account_id,
    created_at,
    kind,
    amount,
    currency,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
