with

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

key_states as (

    select * from {{ states_as_of(ref('int_api_keys__keep_states'), 'api_key_id') }} as states

)

select
    key_states.as_of_date,
    account_keys.account_key,
    count(*) as api_key_count,
    cast({{ count_where('key_states.reported_compromised_at is not null') }} as bigint) as compromised_key_count
from key_states
inner join account_keys on key_states.account_id = account_keys.account_id
group by key_states.as_of_date, account_keys.account_key
