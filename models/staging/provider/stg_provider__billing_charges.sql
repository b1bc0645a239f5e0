-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'billing_charges') }}

),

cast_to_contract as (

    select
        cast(landed.charge_id as {{ dbt.type_string() }}) as charge_id,
        cast(landed.account_id as {{ dbt.type_string() }}) as account_id,
        try_cast(landed.created_at as timestamp) as created_at,
        try_cast(landed.amount as bigint) as amount,
        cast(landed.currency as {{ dbt.type_string() }}) as currency,
        cast(landed.status as {{ dbt.type_string() }}) as status,
        cast(landed.failure_code as {{ dbt.type_string() }}) as failure_code,
        cast(landed.payment_method_fingerprint as {{ dbt.type_string() }}) as payment_method_fingerprint,
        cast(landed.payment_method_funding as {{ dbt.type_string() }}) as payment_method_funding,
        cast(landed.payment_method_country as {{ dbt.type_string() }}) as payment_method_country,
        cast(landed.payment_method_wallet_type as {{ dbt.type_string() }}) as payment_method_wallet_type,
        try_cast(landed.amount_refunded as bigint) as amount_refunded,
        try_cast(landed.disputed as boolean) as disputed,
        cast(landed.dispute_reason as {{ dbt.type_string() }}) as dispute_reason,
        case
            when landed.created_at is not null and try_cast(landed.created_at as timestamp) is null then 'type:created_at'
            when landed.amount is not null and try_cast(landed.amount as bigint) is null then 'type:amount'
            when landed.amount_refunded is not null and try_cast(landed.amount_refunded as bigint) is null then 'type:amount_refunded'
            when landed.disputed is not null and try_cast(landed.disputed as boolean) is null then 'type:disputed'
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
            when charge_id is null then 'missing:charge_id'
            when length(charge_id) > 512 then 'too_long:charge_id'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when created_at is null then 'missing:created_at'
            when created_at < timestamp '2000-01-01' then 'range:created_at'
            when created_at > timestamp '9999-12-31' then 'range:created_at'
            when amount is null then 'missing:amount'
            when amount < 0 then 'range:amount'
            when currency is null then 'missing:currency'
            when length(currency) > 512 then 'too_long:currency'
            when status is null then 'missing:status'
            when length(status) > 512 then 'too_long:status'
            when status not in ('succeeded', 'failed', 'pending') then 'vocabulary:status'
            when length(failure_code) > 512 then 'too_long:failure_code'
            when length(payment_method_fingerprint) > 512 then 'too_long:payment_method_fingerprint'
            when length(payment_method_funding) > 512 then 'too_long:payment_method_funding'
            when payment_method_funding not in ('credit', 'debit', 'prepaid', 'unknown') then 'vocabulary:payment_method_funding'
            when length(payment_method_country) > 512 then 'too_long:payment_method_country'
            when length(payment_method_wallet_type) > 512 then 'too_long:payment_method_wallet_type'
            when amount_refunded < 0 then 'range:amount_refunded'
            when length(dispute_reason) > 512 then 'too_long:dispute_reason'
            when cast(created_at as date) > arrived_on then 'future:created_at'
            when {{ has_foreign_characters('id', ['charge_id', 'account_id', 'payment_method_fingerprint']) }} then
                case
                    when {{ has_foreign_characters('id', ['charge_id']) }} then 'characters:charge_id'
                    when {{ has_foreign_characters('id', ['account_id']) }} then 'characters:account_id'
                    when {{ has_foreign_characters('id', ['payment_method_fingerprint']) }} then 'characters:payment_method_fingerprint'
                end
            when {{ has_foreign_characters('text', ['currency', 'failure_code', 'payment_method_country', 'payment_method_wallet_type', 'dispute_reason']) }} then
                case
                    when {{ has_foreign_characters('text', ['currency']) }} then 'characters:currency'
                    when {{ has_foreign_characters('text', ['failure_code']) }} then 'characters:failure_code'
                    when {{ has_foreign_characters('text', ['payment_method_country']) }} then 'characters:payment_method_country'
                    when {{ has_foreign_characters('text', ['payment_method_wallet_type']) }} then 'characters:payment_method_wallet_type'
                    when {{ has_foreign_characters('text', ['dispute_reason']) }} then 'characters:dispute_reason'
                end
        end as fault
    from cast_to_contract

)

select
    {{ rekeyed_text('charge_id', 'charge') }} as charge_id,
    {{ rekeyed_text('account_id', 'account') }} as account_id,
    created_at,
    amount,
    currency,
    status,
    failure_code,
    {{ rekeyed_text('payment_method_fingerprint', 'payment_method') }} as payment_method_fingerprint,
    payment_method_funding,
    payment_method_country,
    payment_method_wallet_type,
    amount_refunded,
    disputed,
    dispute_reason,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
