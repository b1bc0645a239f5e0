with

as_of_dates as (

    select * from {{ ref('int_calendar__as_of_dates') }}

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

changes as (

    select * from {{ ref('int_accounts__keep_changes') }}

),

-- the state an account was last seen in by the end of each as-of date
ranked as (

    select
        as_of_dates.as_of_date,
        account_keys.account_key,
        changes.*,
        row_number() over (
            partition by as_of_dates.as_of_date, changes.account_id order by changes.arrived_on desc
        ) as state_rank
    from as_of_dates
    inner join changes on changes.arrived_on <= as_of_dates.as_of_date
    inner join account_keys on changes.account_id = account_keys.account_id

)

select
    as_of_date,
    account_key,
{%- for column in landed_columns('accounts') %}
    {{ column }}{{ ',' if not loop.last }}
{%- endfor %}
from ranked
where state_rank = 1
