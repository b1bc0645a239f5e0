-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'external_corroboration') }}

),

cast_to_contract as (

    select
        cast(landed.corroboration_id as {{ dbt.type_string() }}) as corroboration_id,
        cast(landed.subject_type as {{ dbt.type_string() }}) as subject_type,
        cast(landed.subject_id as {{ dbt.type_string() }}) as subject_id,
        cast(landed.kind as {{ dbt.type_string() }}) as kind,
        try_cast(landed.strength as double) as strength,
        try_cast(landed.observed_at as timestamp) as observed_at,
        cast(landed.summary_ref as {{ dbt.type_string() }}) as summary_ref,
        case
            when landed.strength is not null and try_cast(landed.strength as double) is null then 'type:strength'
            when landed.observed_at is not null and try_cast(landed.observed_at as timestamp) is null then 'type:observed_at'
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
            when corroboration_id is null then 'missing:corroboration_id'
            when length(corroboration_id) > 512 then 'too_long:corroboration_id'
            when subject_type is null then 'missing:subject_type'
            when length(subject_type) > 512 then 'too_long:subject_type'
            when subject_type not in ('account', 'actor', 'case') then 'vocabulary:subject_type'
            when subject_id is null then 'missing:subject_id'
            when length(subject_id) > 512 then 'too_long:subject_id'
            when kind is null then 'missing:kind'
            when length(kind) > 512 then 'too_long:kind'
            when kind not in ('watermark', 'student_probe', 'partner_intelligence', 'open_source', 'legal_process') then 'vocabulary:kind'
            when {{ is_not_finite('strength') }} then 'range:strength'
            when strength < 0 then 'range:strength'
            when strength > 1 then 'range:strength'
            when observed_at is null then 'missing:observed_at'
            when observed_at < timestamp '2000-01-01' then 'range:observed_at'
            when observed_at > timestamp '9999-12-31' then 'range:observed_at'
            when length(summary_ref) > 512 then 'too_long:summary_ref'
            when cast(observed_at as date) > arrived_on then 'future:observed_at'
            when {{ has_foreign_characters('id', ['corroboration_id', 'subject_id', 'summary_ref']) }} then
                case
                    when {{ has_foreign_characters('id', ['corroboration_id']) }} then 'characters:corroboration_id'
                    when {{ has_foreign_characters('id', ['subject_id']) }} then 'characters:subject_id'
                    when {{ has_foreign_characters('id', ['summary_ref']) }} then 'characters:summary_ref'
                end
        end as fault
    from cast_to_contract

)

select
    corroboration_id,
    subject_type,
    subject_id,
    kind,
    strength,
    observed_at,
    summary_ref,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
