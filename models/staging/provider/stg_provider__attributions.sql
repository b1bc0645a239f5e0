-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'attributions') }}

),

cast_to_contract as (

    select
        cast(attribution_id as varchar) as attribution_id,
        cast(actor_id as varchar) as actor_id,
        cast(version as integer) as version,
        cast(stated_at as timestamp) as stated_at,
        cast(stated_by_hash as bigint) as stated_by_hash,
        cast(statement_ref as varchar) as statement_ref,
        cast(confidence as double) as confidence,
        cast(source_count as integer) as source_count,
        cast(superseded_at as timestamp) as superseded_at,
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
            when attribution_id is null then 'missing:attribution_id'
            when length(attribution_id) > 512 then 'too_long:attribution_id'
            when actor_id is null then 'missing:actor_id'
            when length(actor_id) > 512 then 'too_long:actor_id'
            when version is null then 'missing:version'
            when version < 1 then 'range:version'
            when stated_at is null then 'missing:stated_at'
            when stated_by_hash is null then 'missing:stated_by_hash'
            when statement_ref is null then 'missing:statement_ref'
            when length(statement_ref) > 512 then 'too_long:statement_ref'
            when confidence is null then 'missing:confidence'
            when confidence < 0 then 'range:confidence'
            when confidence > 1 then 'range:confidence'
            when source_count is null then 'missing:source_count'
            when source_count < 0 then 'range:source_count'
            when cast(stated_at as date) > arrived_on then 'future:stated_at'
        end as fault
    from cast_to_contract

)

select
    attribution_id,
    actor_id,
    version,
    stated_at,
    stated_by_hash,
    statement_ref,
    confidence,
    source_count,
    superseded_at,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
