with

as_of_dates as (

    select * from {{ ref('int_calendar__as_of_dates') }}

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

key_states as (

    select
        as_of_dates.as_of_date,
        api_keys.*,
        row_number() over (
            partition by as_of_dates.as_of_date, api_keys.api_key_id order by api_keys.arrived_on desc
        ) as state_rank
    from as_of_dates
    inner join {{ ref('int_api_keys__keep_states') }} as api_keys on api_keys.arrived_on <= as_of_dates.as_of_date

)

select
    key_states.as_of_date,
    account_keys.account_key,
    count(*) as api_key_count,
    cast(count_if(key_states.reported_compromised_at is not null) as bigint) as compromised_key_count
from key_states
inner join account_keys on key_states.account_id = account_keys.account_id
where key_states.state_rank = 1
group by key_states.as_of_date, account_keys.account_key
