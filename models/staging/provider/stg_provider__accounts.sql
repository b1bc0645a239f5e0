-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'accounts') }}

),

cast_to_contract as (

    select
        cast(landed.account_id as {{ dbt.type_string() }}) as account_id,
        try_cast(landed.created_at as timestamp) as created_at,
        cast(landed.account_type as {{ dbt.type_string() }}) as account_type,
        cast(landed.tier as {{ dbt.type_string() }}) as tier,
        cast(landed.status as {{ dbt.type_string() }}) as status,
        cast(landed.email_domain as {{ dbt.type_string() }}) as email_domain,
        try_cast(landed.email_hash as bigint) as email_hash,
        try_cast(landed.phone_hash as bigint) as phone_hash,
        try_cast(landed.device_hash as bigint) as device_hash,
        try_cast(landed.signup_ip_hash as bigint) as signup_ip_hash,
        try_cast(landed.signup_asn as bigint) as signup_asn,
        cast(landed.signup_country as {{ dbt.type_string() }}) as signup_country,
        cast(landed.declared_country as {{ dbt.type_string() }}) as declared_country,
        cast(landed.declared_use as {{ dbt.type_string() }}) as declared_use,
        try_cast(landed.declared_monthly_volume as bigint) as declared_monthly_volume,
        try_cast(landed.rate_limit_rpm as integer) as rate_limit_rpm,
        try_cast(landed.email_pattern_hash as bigint) as email_pattern_hash,
        try_cast(landed.organization_hash as bigint) as organization_hash,
        cast(landed.terms_version as {{ dbt.type_string() }}) as terms_version,
        try_cast(landed.terms_accepted_at as timestamp) as terms_accepted_at,
        cast(landed.kyc_status as {{ dbt.type_string() }}) as kyc_status,
        cast(landed.contract_id as {{ dbt.type_string() }}) as contract_id,
        cast(landed.approved_use as {{ dbt.type_string() }}) as approved_use,
        cast(landed.referred_by_account_id as {{ dbt.type_string() }}) as referred_by_account_id,
        case
            when landed.created_at is not null and try_cast(landed.created_at as timestamp) is null then 'type:created_at'
            when landed.email_hash is not null and try_cast(landed.email_hash as bigint) is null then 'type:email_hash'
            when landed.phone_hash is not null and try_cast(landed.phone_hash as bigint) is null then 'type:phone_hash'
            when landed.device_hash is not null and try_cast(landed.device_hash as bigint) is null then 'type:device_hash'
            when landed.signup_ip_hash is not null and try_cast(landed.signup_ip_hash as bigint) is null then 'type:signup_ip_hash'
            when landed.signup_asn is not null and try_cast(landed.signup_asn as bigint) is null then 'type:signup_asn'
            when landed.declared_monthly_volume is not null and try_cast(landed.declared_monthly_volume as bigint) is null then 'type:declared_monthly_volume'
            when landed.rate_limit_rpm is not null and try_cast(landed.rate_limit_rpm as integer) is null then 'type:rate_limit_rpm'
            when landed.email_pattern_hash is not null and try_cast(landed.email_pattern_hash as bigint) is null then 'type:email_pattern_hash'
            when landed.organization_hash is not null and try_cast(landed.organization_hash as bigint) is null then 'type:organization_hash'
            when landed.terms_accepted_at is not null and try_cast(landed.terms_accepted_at as timestamp) is null then 'type:terms_accepted_at'
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
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when created_at is null then 'missing:created_at'
            when created_at < timestamp '2000-01-01' then 'range:created_at'
            when created_at > timestamp '9999-12-31' then 'range:created_at'
            when length(account_type) > 512 then 'too_long:account_type'
            when account_type not in ('individual', 'organization') then 'vocabulary:account_type'
            when tier is null then 'missing:tier'
            when length(tier) > 512 then 'too_long:tier'
            when status is null then 'missing:status'
            when length(status) > 512 then 'too_long:status'
            when status not in ('active', 'suspended', 'terminated', 'closed') then 'vocabulary:status'
            when length(email_domain) > 512 then 'too_long:email_domain'
            when signup_asn < 0 then 'range:signup_asn'
            when signup_asn > 4294967295 then 'range:signup_asn'
            when length(signup_country) > 512 then 'too_long:signup_country'
            when length(declared_country) > 512 then 'too_long:declared_country'
            when length(declared_use) > 512 then 'too_long:declared_use'
            when declared_monthly_volume < 0 then 'range:declared_monthly_volume'
            when rate_limit_rpm < 0 then 'range:rate_limit_rpm'
            when length(terms_version) > 512 then 'too_long:terms_version'
            when terms_accepted_at < timestamp '2000-01-01' then 'range:terms_accepted_at'
            when terms_accepted_at > timestamp '9999-12-31' then 'range:terms_accepted_at'
            when length(kyc_status) > 512 then 'too_long:kyc_status'
            when kyc_status not in ('none', 'pending', 'verified', 'failed') then 'vocabulary:kyc_status'
            when length(contract_id) > 512 then 'too_long:contract_id'
            when length(approved_use) > 512 then 'too_long:approved_use'
            when length(referred_by_account_id) > 512 then 'too_long:referred_by_account_id'
            when cast(created_at as date) > arrived_on then 'future:created_at'
            when {{ has_foreign_characters('id', ['account_id', 'contract_id', 'referred_by_account_id']) }} then
                case
                    when {{ has_foreign_characters('id', ['account_id']) }} then 'characters:account_id'
                    when {{ has_foreign_characters('id', ['contract_id']) }} then 'characters:contract_id'
                    when {{ has_foreign_characters('id', ['referred_by_account_id']) }} then 'characters:referred_by_account_id'
                end
            when {{ has_foreign_characters('text', ['tier', 'email_domain', 'signup_country', 'declared_country', 'terms_version', 'approved_use']) }} then
                case
                    when {{ has_foreign_characters('text', ['tier']) }} then 'characters:tier'
                    when {{ has_foreign_characters('text', ['email_domain']) }} then 'characters:email_domain'
                    when {{ has_foreign_characters('text', ['signup_country']) }} then 'characters:signup_country'
                    when {{ has_foreign_characters('text', ['declared_country']) }} then 'characters:declared_country'
                    when {{ has_foreign_characters('text', ['terms_version']) }} then 'characters:terms_version'
                    when {{ has_foreign_characters('text', ['approved_use']) }} then 'characters:approved_use'
                end
        end as fault
    from cast_to_contract

)

select
    {{ rekeyed_text('account_id', 'account') }} as account_id,
    created_at,
    account_type,
    tier,
    status,
    email_domain,
    {{ rekeyed_number('email_hash', 'email') }} as email_hash,
    {{ rekeyed_number('phone_hash', 'phone') }} as phone_hash,
    {{ rekeyed_number('device_hash', 'device') }} as device_hash,
    {{ rekeyed_number('signup_ip_hash', 'ip') }} as signup_ip_hash,
    signup_asn,
    signup_country,
    declared_country,
    declared_use,
    declared_monthly_volume,
    rate_limit_rpm,
    {{ rekeyed_number('email_pattern_hash', 'email_pattern') }} as email_pattern_hash,
    {{ rekeyed_number('organization_hash', 'organization') }} as organization_hash,
    terms_version,
    terms_accepted_at,
    kyc_status,
    {{ rekeyed_text('contract_id', 'contract') }} as contract_id,
    approved_use,
    {{ rekeyed_text('referred_by_account_id', 'account') }} as referred_by_account_id,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
