-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'partner_referrals') }}

),

cast_to_contract as (

    select
        cast(landed.referral_id as {{ dbt.type_string() }}) as referral_id,
        cast(landed.case_id as {{ dbt.type_string() }}) as case_id,
        cast(landed.partner as {{ dbt.type_string() }}) as partner,
        try_cast(landed.sent_at as timestamp) as sent_at,
        try_cast(landed.due_at as timestamp) as due_at,
        try_cast(landed.acknowledged_at as timestamp) as acknowledged_at,
        try_cast(landed.acted_at as timestamp) as acted_at,
        cast(landed.outcome as {{ dbt.type_string() }}) as outcome,
        case
            when landed.sent_at is not null and try_cast(landed.sent_at as timestamp) is null then 'type:sent_at'
            when landed.due_at is not null and try_cast(landed.due_at as timestamp) is null then 'type:due_at'
            when landed.acknowledged_at is not null and try_cast(landed.acknowledged_at as timestamp) is null then 'type:acknowledged_at'
            when landed.acted_at is not null and try_cast(landed.acted_at as timestamp) is null then 'type:acted_at'
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
            when referral_id is null then 'missing:referral_id'
            when length(referral_id) > 512 then 'too_long:referral_id'
            when case_id is null then 'missing:case_id'
            when length(case_id) > 512 then 'too_long:case_id'
            when partner is null then 'missing:partner'
            when length(partner) > 512 then 'too_long:partner'
            when sent_at is null then 'missing:sent_at'
            when sent_at < timestamp '2000-01-01' then 'range:sent_at'
            when sent_at > timestamp '9999-12-31' then 'range:sent_at'
            when due_at < timestamp '2000-01-01' then 'range:due_at'
            when due_at > timestamp '9999-12-31' then 'range:due_at'
            when acknowledged_at < timestamp '2000-01-01' then 'range:acknowledged_at'
            when acknowledged_at > timestamp '9999-12-31' then 'range:acknowledged_at'
            when acted_at < timestamp '2000-01-01' then 'range:acted_at'
            when acted_at > timestamp '9999-12-31' then 'range:acted_at'
            when length(outcome) > 512 then 'too_long:outcome'
            when outcome not in ('acted', 'declined', 'no_answer', 'insufficient') then 'vocabulary:outcome'
            when cast(sent_at as date) > arrived_on then 'future:sent_at'
            when {{ has_foreign_characters('id', ['referral_id', 'case_id']) }} then
                case
                    when {{ has_foreign_characters('id', ['referral_id']) }} then 'characters:referral_id'
                    when {{ has_foreign_characters('id', ['case_id']) }} then 'characters:case_id'
                end
            when {{ has_foreign_characters('text', ['partner']) }} then
                case
                    when {{ has_foreign_characters('text', ['partner']) }} then 'characters:partner'
                end
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
