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
