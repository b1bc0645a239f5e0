{{ config(meta={'published': {'as_of_column': none, 'order_by': ['account_id']}}) }}

with

-- the state each account was last seen in
latest as (

    select * from {{ latest_state(ref('int_accounts__keep_changes'), 'account_id') }} as latest_changes

),

contracts as (

    select
        contract_id,
        scope,
        valid_from,
        valid_to
    from {{ latest_state(ref('int_contracts__keep_states'), 'contract_id') }} as latest_contracts

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

language_counts as (

    select account_key, language, sum(request_count) as request_count
    from {{ ref('int_usage__account_language_days') }}
    where arrived_on <= {{ as_of_to() }}
    group by account_key, language

),

-- outcomes are compared by it; it is no evidence of anything
main_languages as (

    select
        account_key,
        language,
        row_number() over (partition by account_key order by request_count desc, language) as share_rank
    from language_counts

)

select
    account_keys.account_id,
    latest.account_id is not null as is_known,
    latest.created_at,
    latest.account_type,
    coalesce(latest.tier, 'unknown') as tier,
    coalesce(latest.status, 'unknown') as status,
    latest.declared_country,
    latest.signup_country,
    main_languages.language as main_language,
    latest.declared_use,
    latest.declared_monthly_volume,
    latest.kyc_status,
    latest.terms_version,
    latest.terms_accepted_at,
    latest.contract_id,
    latest.approved_use,
    contracts.scope as contract_scope,
    contracts.valid_from as contract_valid_from,
    contracts.valid_to as contract_valid_to,
    latest.arrived_on as state_arrived_on
from account_keys
left join latest on account_keys.account_id = latest.account_id
left join contracts on latest.contract_id = contracts.contract_id
left join main_languages on account_keys.account_key = main_languages.account_key and main_languages.share_rank = 1
