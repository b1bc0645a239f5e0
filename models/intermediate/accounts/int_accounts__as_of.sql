with

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

-- the state an account was last seen in by the end of each as-of date
states as (

    select * from {{ states_as_of(ref('int_accounts__keep_changes'), 'account_id') }} as changes

)

select
    states.as_of_date,
    account_keys.account_key,
{%- for column in landed_columns('accounts') %}
    states.{{ column }}{{ ',' if not loop.last }}
{%- endfor %}
from states
inner join account_keys on states.account_id = account_keys.account_id
