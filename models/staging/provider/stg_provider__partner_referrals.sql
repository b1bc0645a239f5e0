-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'partner_referrals') }}

),

cast_to_contract as (

    select
        cast(referral_id as varchar) as referral_id,
        cast(case_id as varchar) as case_id,
        cast(partner as varchar) as partner,
        cast(sent_at as timestamp) as sent_at,
        cast(due_at as timestamp) as due_at,
        cast(acknowledged_at as timestamp) as acknowledged_at,
        cast(acted_at as timestamp) as acted_at,
        cast(outcome as varchar) as outcome,
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
            when referral_id is null then 'missing:referral_id'
            when length(referral_id) > 512 then 'too_long:referral_id'
            when case_id is null then 'missing:case_id'
            when length(case_id) > 512 then 'too_long:case_id'
            when partner is null then 'missing:partner'
            when length(partner) > 512 then 'too_long:partner'
            when sent_at is null then 'missing:sent_at'
            when length(outcome) > 512 then 'too_long:outcome'
            when outcome not in ('acted', 'declined', 'no_answer', 'insufficient') then 'vocabulary:outcome'
            when cast(sent_at as date) > arrived_on then 'future:sent_at'
        end as fault
    from cast_to_contract

)

select
    referral_id,
    case_id,
    partner,
    sent_at,
    due_at,
    acknowledged_at,
    acted_at,
    outcome,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
