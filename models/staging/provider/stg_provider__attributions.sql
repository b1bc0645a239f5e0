-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'attributions') }}

),

cast_to_contract as (

    select
        cast(landed.attribution_id as {{ dbt.type_string() }}) as attribution_id,
        cast(landed.actor_id as {{ dbt.type_string() }}) as actor_id,
        try_cast(landed.version as integer) as version,
        try_cast(landed.stated_at as timestamp) as stated_at,
        try_cast(landed.stated_by_hash as bigint) as stated_by_hash,
        cast(landed.statement_ref as {{ dbt.type_string() }}) as statement_ref,
        try_cast(landed.confidence as double) as confidence,
        try_cast(landed.source_count as integer) as source_count,
        try_cast(landed.superseded_at as timestamp) as superseded_at,
        case
            when landed.version is not null and try_cast(landed.version as integer) is null then 'type:version'
            when landed.stated_at is not null and try_cast(landed.stated_at as timestamp) is null then 'type:stated_at'
            when landed.stated_by_hash is not null and try_cast(landed.stated_by_hash as bigint) is null then 'type:stated_by_hash'
            when landed.confidence is not null and try_cast(landed.confidence as double) is null then 'type:confidence'
            when landed.source_count is not null and try_cast(landed.source_count as integer) is null then 'type:source_count'
            when landed.superseded_at is not null and try_cast(landed.superseded_at as timestamp) is null then 'type:superseded_at'
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
            when attribution_id is null then 'missing:attribution_id'
            when length(attribution_id) > 512 then 'too_long:attribution_id'
            when actor_id is null then 'missing:actor_id'
            when length(actor_id) > 512 then 'too_long:actor_id'
            when version is null then 'missing:version'
            when version < 1 then 'range:version'
            when stated_at is null then 'missing:stated_at'
            when stated_at < timestamp '2000-01-01' then 'range:stated_at'
            when stated_at > timestamp '9999-12-31' then 'range:stated_at'
            when stated_by_hash is null then 'missing:stated_by_hash'
            when statement_ref is null then 'missing:statement_ref'
            when length(statement_ref) > 512 then 'too_long:statement_ref'
            when confidence is null then 'missing:confidence'
            when {{ is_not_finite('confidence') }} then 'range:confidence'
            when confidence < 0 then 'range:confidence'
            when confidence > 1 then 'range:confidence'
            when source_count is null then 'missing:source_count'
            when source_count < 0 then 'range:source_count'
            when superseded_at < timestamp '2000-01-01' then 'range:superseded_at'
            when superseded_at > timestamp '9999-12-31' then 'range:superseded_at'
            when cast(stated_at as date) > arrived_on then 'future:stated_at'
            when {{ has_foreign_characters('id', ['attribution_id', 'actor_id', 'statement_ref']) }} then
                case
                    when {{ has_foreign_characters('id', ['attribution_id']) }} then 'characters:attribution_id'
                    when {{ has_foreign_characters('id', ['actor_id']) }} then 'characters:actor_id'
                    when {{ has_foreign_characters('id', ['statement_ref']) }} then 'characters:statement_ref'
                end
        end as fault
    from cast_to_contract

)

select
    attribution_id,
    actor_id,
    version,
    stated_at,
    {{ rekeyed_number('stated_by_hash', 'staff') }} as stated_by_hash,
    statement_ref,
    confidence,
    source_count,
    superseded_at,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
