-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'intel_indicators') }}

),

cast_to_contract as (

    select
        cast(landed.indicator_id as {{ dbt.type_string() }}) as indicator_id,
        cast(landed.indicator_type as {{ dbt.type_string() }}) as indicator_type,
        cast(landed.value as {{ dbt.type_string() }}) as value,
        cast(landed.campaign as {{ dbt.type_string() }}) as campaign,
        cast(landed.source as {{ dbt.type_string() }}) as source,
        try_cast(landed.confidence as double) as confidence,
        try_cast(landed.first_seen_at as timestamp) as first_seen_at,
        try_cast(landed.expires_at as timestamp) as expires_at,
        case
            when landed.confidence is not null and try_cast(landed.confidence as double) is null then 'type:confidence'
            when landed.first_seen_at is not null and try_cast(landed.first_seen_at as timestamp) is null then 'type:first_seen_at'
            when landed.expires_at is not null and try_cast(landed.expires_at as timestamp) is null then 'type:expires_at'
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
            when indicator_id is null then 'missing:indicator_id'
            when length(indicator_id) > 512 then 'too_long:indicator_id'
            when indicator_type is null then 'missing:indicator_type'
            when length(indicator_type) > 512 then 'too_long:indicator_type'
            when indicator_type not in ('ip_hash', 'asn', 'email_domain', 'payment_method_fingerprint', 'device_hash', 'prompt_template_hash', 'account_id') then 'vocabulary:indicator_type'
            when value is null then 'missing:value'
            when length(value) > 512 then 'too_long:value'
            when length(campaign) > 512 then 'too_long:campaign'
            when source is null then 'missing:source'
            when length(source) > 512 then 'too_long:source'
            when confidence is null then 'missing:confidence'
            when {{ is_not_finite('confidence') }} then 'range:confidence'
            when confidence < 0 then 'range:confidence'
            when confidence > 1 then 'range:confidence'
            when first_seen_at is null then 'missing:first_seen_at'
            when first_seen_at < timestamp '2000-01-01' then 'range:first_seen_at'
            when first_seen_at > timestamp '9999-12-31' then 'range:first_seen_at'
            when expires_at < timestamp '2000-01-01' then 'range:expires_at'
            when expires_at > timestamp '9999-12-31' then 'range:expires_at'
            when cast(first_seen_at as date) > arrived_on then 'future:first_seen_at'
            when {{ has_foreign_characters('id', ['indicator_id']) }} then
                case
                    when {{ has_foreign_characters('id', ['indicator_id']) }} then 'characters:indicator_id'
                end
            when {{ has_foreign_characters('text', ['value', 'campaign', 'source']) }} then
                case
                    when {{ has_foreign_characters('text', ['value']) }} then 'characters:value'
                    when {{ has_foreign_characters('text', ['campaign']) }} then 'characters:campaign'
                    when {{ has_foreign_characters('text', ['source']) }} then 'characters:source'
                end
        end as fault
    from cast_to_contract

)

select
    indicator_id,
    indicator_type,
    {{ rekeyed_indicator('value', 'indicator_type', {'account_id': 'account', 'payment_method_fingerprint': 'payment_method'}, {'device_hash': 'device', 'ip_hash': 'ip', 'prompt_template_hash': 'template'}) }} as value,
    campaign,
    source,
    confidence,
    first_seen_at,
    expires_at,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
