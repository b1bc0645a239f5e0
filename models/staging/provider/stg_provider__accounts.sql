-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'accounts') }}

),

cast_to_contract as (

    select
        cast(account_id as varchar) as account_id,
        cast(created_at as timestamp) as created_at,
        cast(account_type as varchar) as account_type,
        cast(tier as varchar) as tier,
        cast(status as varchar) as status,
        cast(email_domain as varchar) as email_domain,
        cast(email_hash as bigint) as email_hash,
        cast(phone_hash as bigint) as phone_hash,
        cast(device_hash as bigint) as device_hash,
        cast(signup_ip_hash as bigint) as signup_ip_hash,
        cast(signup_asn as bigint) as signup_asn,
        cast(signup_country as varchar) as signup_country,
        cast(declared_country as varchar) as declared_country,
        cast(declared_use as varchar) as declared_use,
        cast(declared_monthly_volume as bigint) as declared_monthly_volume,
        cast(rate_limit_rpm as integer) as rate_limit_rpm,
        cast(email_pattern_hash as bigint) as email_pattern_hash,
        cast(organization_hash as bigint) as organization_hash,
        cast(terms_version as varchar) as terms_version,
        cast(terms_accepted_at as timestamp) as terms_accepted_at,
        cast(kyc_status as varchar) as kyc_status,
        cast(contract_id as varchar) as contract_id,
        cast(approved_use as varchar) as approved_use,
        cast(referred_by_account_id as varchar) as referred_by_account_id,
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
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when created_at is null then 'missing:created_at'
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
            when length(kyc_status) > 512 then 'too_long:kyc_status'
            when kyc_status not in ('none', 'pending', 'verified', 'failed') then 'vocabulary:kyc_status'
            when length(contract_id) > 512 then 'too_long:contract_id'
            when length(approved_use) > 512 then 'too_long:approved_use'
            when length(referred_by_account_id) > 512 then 'too_long:referred_by_account_id'
            when cast(created_at as date) > arrived_on then 'future:created_at'
        end as fault
    from cast_to_contract

)

select
    account_id,
    created_at,
    account_type,
    tier,
    status,
    email_domain,
    email_hash,
    phone_hash,
    device_hash,
    signup_ip_hash,
    signup_asn,
    signup_country,
    declared_country,
    declared_use,
    declared_monthly_volume,
    rate_limit_rpm,
    email_pattern_hash,
    organization_hash,
    terms_version,
    terms_accepted_at,
    kyc_status,
    contract_id,
    approved_use,
    referred_by_account_id,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
