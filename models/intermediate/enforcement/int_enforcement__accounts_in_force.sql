with

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

action_states as (

    select * from {{ states_as_of(ref('int_enforcement_actions__keep_states'), 'action_id') }} as states

)

select
    action_states.as_of_date,
    account_keys.account_key,
    min(action_states.effective_at) as first_effective_at
from action_states
inner join account_keys on action_states.account_id = account_keys.account_id
where action_states.action_type in ('suspension', 'termination', 'rate_limit', 'feature_block')
    and action_states.reversed_at is null
    and cast(action_states.effective_at as date) <= action_states.as_of_date
group by action_states.as_of_date, account_keys.account_key
