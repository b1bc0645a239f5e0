-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'billing_charges') }}

),

cast_to_contract as (

    select
        cast(charge_id as varchar) as charge_id,
        cast(account_id as varchar) as account_id,
        cast(created_at as timestamp) as created_at,
        cast(amount as bigint) as amount,
        cast(currency as varchar) as currency,
        cast(status as varchar) as status,
        cast(failure_code as varchar) as failure_code,
        cast(payment_method_fingerprint as varchar) as payment_method_fingerprint,
        cast(payment_method_funding as varchar) as payment_method_funding,
        cast(payment_method_country as varchar) as payment_method_country,
        cast(payment_method_wallet_type as varchar) as payment_method_wallet_type,
        cast(amount_refunded as bigint) as amount_refunded,
        cast(disputed as boolean) as disputed,
        cast(dispute_reason as varchar) as dispute_reason,
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
            when charge_id is null then 'missing:charge_id'
            when length(charge_id) > 512 then 'too_long:charge_id'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when created_at is null then 'missing:created_at'
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
        end as fault
    from cast_to_contract

)

select
    charge_id,
    account_id,
    created_at,
    amount,
    currency,
    status,
    failure_code,
    payment_method_fingerprint,
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
