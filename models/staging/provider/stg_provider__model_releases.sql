-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'model_releases') }}

),

cast_to_contract as (

    select
        cast(landed.request_model as {{ dbt.type_string() }}) as request_model,
        try_cast(landed.released_at as timestamp) as released_at,
        try_cast(landed.is_frontier as boolean) as is_frontier,
        try_cast(landed.is_rival as boolean) as is_rival,
        case
            when landed.released_at is not null and try_cast(landed.released_at as timestamp) is null then 'type:released_at'
            when landed.is_frontier is not null and try_cast(landed.is_frontier as boolean) is null then 'type:is_frontier'
            when landed.is_rival is not null and try_cast(landed.is_rival as boolean) is null then 'type:is_rival'
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
            when request_model is null then 'missing:request_model'
            when length(request_model) > 512 then 'too_long:request_model'
            when released_at is null then 'missing:released_at'
            when released_at < timestamp '2000-01-01' then 'range:released_at'
            when released_at > timestamp '9999-12-31' then 'range:released_at'
            when cast(released_at as date) > arrived_on then 'future:released_at'
            when {{ has_foreign_characters('text', ['request_model']) }} then
                case
                    when {{ has_foreign_characters('text', ['request_model']) }} then 'characters:request_model'
                end
        end as fault
    from cast_to_contract

)

select
    request_model,
    released_at,
    is_frontier,
    is_rival,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
