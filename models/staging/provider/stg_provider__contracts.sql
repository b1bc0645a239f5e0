-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'contracts') }}

),

cast_to_contract as (

    select
        cast(landed.contract_id as {{ dbt.type_string() }}) as contract_id,
        cast(landed.account_id as {{ dbt.type_string() }}) as account_id,
        cast(landed.approved_use as {{ dbt.type_string() }}) as approved_use,
        cast(landed.scope as {{ dbt.type_string() }}) as scope,
        try_cast(landed.valid_from as timestamp) as valid_from,
        try_cast(landed.valid_to as timestamp) as valid_to,
        case
            when landed.valid_from is not null and try_cast(landed.valid_from as timestamp) is null then 'type:valid_from'
            when landed.valid_to is not null and try_cast(landed.valid_to as timestamp) is null then 'type:valid_to'
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
            when contract_id is null then 'missing:contract_id'
            when length(contract_id) > 512 then 'too_long:contract_id'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when approved_use is null then 'missing:approved_use'
            when length(approved_use) > 512 then 'too_long:approved_use'
            when length(scope) > 512 then 'too_long:scope'
            when valid_from is null then 'missing:valid_from'
            when valid_from < timestamp '2000-01-01' then 'range:valid_from'
            when valid_from > timestamp '9999-12-31' then 'range:valid_from'
            when valid_to < timestamp '2000-01-01' then 'range:valid_to'
            when valid_to > timestamp '9999-12-31' then 'range:valid_to'
            when {{ has_foreign_characters('id', ['contract_id', 'account_id']) }} then
                case
                    when {{ has_foreign_characters('id', ['contract_id']) }} then 'characters:contract_id'
                    when {{ has_foreign_characters('id', ['account_id']) }} then 'characters:account_id'
                end
            when {{ has_foreign_characters('text', ['approved_use', 'scope']) }} then
                case
                    when {{ has_foreign_characters('text', ['approved_use']) }} then 'characters:approved_use'
                    when {{ has_foreign_characters('text', ['scope']) }} then 'characters:scope'
                end
        end as fault
    from cast_to_contract

)

select
    {{ rekeyed_text('contract_id', 'contract') }} as contract_id,
    {{ rekeyed_text('account_id', 'account') }} as account_id,
    approved_use,
    scope,
    valid_from,
    valid_to,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
