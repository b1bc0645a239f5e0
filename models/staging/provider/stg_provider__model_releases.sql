-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'model_releases') }}

),

cast_to_contract as (

    select
        cast(request_model as varchar) as request_model,
        cast(released_at as timestamp) as released_at,
        cast(is_frontier as boolean) as is_frontier,
        cast(is_rival as boolean) as is_rival,
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
            when request_model is null then 'missing:request_model'
            when length(request_model) > 512 then 'too_long:request_model'
            when released_at is null then 'missing:released_at'
            when cast(released_at as date) > arrived_on then 'future:released_at'
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
