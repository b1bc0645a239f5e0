-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'external_leads') }}

),

cast_to_contract as (

    select
        cast(landed.external_lead_id as {{ dbt.type_string() }}) as external_lead_id,
        try_cast(landed.received_at as timestamp) as received_at,
        cast(landed.origin as {{ dbt.type_string() }}) as origin,
        cast(landed.subject_type as {{ dbt.type_string() }}) as subject_type,
        cast(landed.subject_id as {{ dbt.type_string() }}) as subject_id,
        cast(landed.indicator_type as {{ dbt.type_string() }}) as indicator_type,
        cast(landed.indicator_value as {{ dbt.type_string() }}) as indicator_value,
        cast(landed.tactic_id as {{ dbt.type_string() }}) as tactic_id,
        cast(landed.priority as {{ dbt.type_string() }}) as priority,
        cast(landed.summary_ref as {{ dbt.type_string() }}) as summary_ref,
        case
            when landed.received_at is not null and try_cast(landed.received_at as timestamp) is null then 'type:received_at'
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
            when external_lead_id is null then 'missing:external_lead_id'
            when length(external_lead_id) > 512 then 'too_long:external_lead_id'
            when received_at is null then 'missing:received_at'
            when received_at < timestamp '2000-01-01' then 'range:received_at'
            when received_at > timestamp '9999-12-31' then 'range:received_at'
            when origin is null then 'missing:origin'
            when length(origin) > 512 then 'too_long:origin'
            when origin not in ('investigation', 'intelligence', 'partner', 'customer', 'legal', 'public_report') then 'vocabulary:origin'
            when length(subject_type) > 512 then 'too_long:subject_type'
            when subject_type not in ('account', 'actor') then 'vocabulary:subject_type'
            when length(subject_id) > 512 then 'too_long:subject_id'
            when length(indicator_type) > 512 then 'too_long:indicator_type'
            when length(indicator_value) > 512 then 'too_long:indicator_value'
            when length(tactic_id) > 512 then 'too_long:tactic_id'
            when length(priority) > 512 then 'too_long:priority'
            when length(summary_ref) > 512 then 'too_long:summary_ref'
            when cast(received_at as date) > arrived_on then 'future:received_at'
            when {{ has_foreign_characters('id', ['external_lead_id', 'subject_id', 'tactic_id', 'summary_ref']) }} then
                case
                    when {{ has_foreign_characters('id', ['external_lead_id']) }} then 'characters:external_lead_id'
                    when {{ has_foreign_characters('id', ['subject_id']) }} then 'characters:subject_id'
                    when {{ has_foreign_characters('id', ['tactic_id']) }} then 'characters:tactic_id'
                    when {{ has_foreign_characters('id', ['summary_ref']) }} then 'characters:summary_ref'
                end
            when {{ has_foreign_characters('text', ['indicator_type', 'indicator_value', 'priority']) }} then
                case
                    when {{ has_foreign_characters('text', ['indicator_type']) }} then 'characters:indicator_type'
                    when {{ has_foreign_characters('text', ['indicator_value']) }} then 'characters:indicator_value'
                    when {{ has_foreign_characters('text', ['priority']) }} then 'characters:priority'
                end
        end as fault
    from cast_to_contract

)

select
    external_lead_id,
    received_at,
    origin,
    subject_type,
    subject_id,
    indicator_type,
    {{ rekeyed_indicator('indicator_value', 'indicator_type', {'account_id': 'account', 'payment_method_fingerprint': 'payment_method'}, {'device_hash': 'device', 'ip_hash': 'ip', 'prompt_template_hash': 'template'}) }} as indicator_value,
    tactic_id,
    priority,
    summary_ref,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
