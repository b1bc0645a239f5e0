-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'billing_credits') }}

),

cast_to_contract as (

    select
        cast(landed.credit_id as {{ dbt.type_string() }}) as credit_id,
        cast(landed.account_id as {{ dbt.type_string() }}) as account_id,
        try_cast(landed.created_at as timestamp) as created_at,
        cast(landed.kind as {{ dbt.type_string() }}) as kind,
        try_cast(landed.amount as bigint) as amount,
        cast(landed.currency as {{ dbt.type_string() }}) as currency,
        case
            when landed.created_at is not null and try_cast(landed.created_at as timestamp) is null then 'type:created_at'
            when landed.amount is not null and try_cast(landed.amount as bigint) is null then 'type:amount'
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
            when credit_id is null then 'missing:credit_id'
            when length(credit_id) > 512 then 'too_long:credit_id'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when created_at is null then 'missing:created_at'
            when created_at < timestamp '2000-01-01' then 'range:created_at'
            when created_at > timestamp '9999-12-31' then 'range:created_at'
            when kind is null then 'missing:kind'
            when length(kind) > 512 then 'too_long:kind'
            when kind not in ('trial', 'promotional', 'prepaid', 'refund', 'consumption') then 'vocabulary:kind'
            when amount is null then 'missing:amount'
            when amount < 0 then 'range:amount'
            when length(currency) > 512 then 'too_long:currency'
            when cast(created_at as date) > arrived_on then 'future:created_at'
            when {{ has_foreign_characters('id', ['credit_id', 'account_id']) }} then
                case
                    when {{ has_foreign_characters('id', ['credit_id']) }} then 'characters:credit_id'
                    when {{ has_foreign_characters('id', ['account_id']) }} then 'characters:account_id'
                end
            when {{ has_foreign_characters('text', ['currency']) }} then
                case
                    when {{ has_foreign_characters('text', ['currency']) }} then 'characters:currency'
                end
        end as fault
    from cast_to_contract

)

select
    {{ rekeyed_text('credit_id', 'credit') }} as credit_id,
    {{ rekeyed_text('account_id', 'account') }} as account_id,
    created_at,
    kind,
    amount,
    currency,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
