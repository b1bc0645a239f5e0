with

subjects as (

    select distinct unit_id, member_unit_id, is_control, enforced_on
    from {{ ref('int_measurement__unit_members') }}

),

enforced_units as (

    select * from {{ ref('int_measurement__enforced_units') }}

),

account_days as (

    select * from {{ ref('account_days') }}
    where activity_date <= {{ as_of_to() }}

),

relative_days as (

    select cast(generated.number as integer) as relative_day
    from {{ numbers_through(-56, 28) }}

),

first_day as (

    select min(activity_date) as first_activity_date from account_days

),

-- a day without a request is a day of none, but a day before the data began is not
grid as (

    select
        subjects.unit_id,
        subjects.member_unit_id,
        subjects.is_control,
        relative_days.relative_day,
        subjects.enforced_on + relative_days.relative_day as activity_date
    from subjects
    cross join relative_days
    cross join first_day
    left join enforced_units as controls_enforced
        on subjects.is_control
        and subjects.member_unit_id = controls_enforced.unit_id
    where subjects.enforced_on + relative_days.relative_day between first_day.first_activity_date and {{ as_of_to() }}
        and (controls_enforced.enforced_on is null or subjects.enforced_on + relative_days.relative_day < controls_enforced.enforced_on)

),

volumes as (

    select
        unit_members.unit_id,
        unit_members.member_unit_id,
        account_days.activity_date,
        cast(sum(account_days.request_count) as bigint) as request_count,
        cast(sum(account_days.output_tokens) as bigint) as output_tokens
    from {{ ref('int_measurement__unit_members') }} as unit_members
    inner join account_days
        on unit_members.account_id = account_days.account_id
        and account_days.activity_date between unit_members.enforced_on - 56 and unit_members.enforced_on + 28
    group by unit_members.unit_id, unit_members.member_unit_id, account_days.activity_date

),

returned_volumes as (

    select
        returned_accounts.unit_id,
        returned_accounts.member_unit_id,
        account_days.activity_date,
        cast(sum(account_days.request_count) as bigint) as request_count,
        cast(sum(account_days.output_tokens) as bigint) as output_tokens
    from {{ ref('int_measurement__returned_accounts') }} as returned_accounts
    inner join account_days on returned_accounts.new_account_id = account_days.account_id
    group by returned_accounts.unit_id, returned_accounts.member_unit_id, account_days.activity_date

)

select
    grid.unit_id,
    grid.member_unit_id,
    grid.is_control,
    grid.activity_date,
    grid.relative_day,
    coalesce(volumes.request_count, 0) as request_count,
    coalesce(volumes.output_tokens, 0) as output_tokens,
    coalesce(returned_volumes.request_count, 0) as returned_request_count,
    coalesce(returned_volumes.output_tokens, 0) as returned_output_tokens
from grid
inner join enforced_units on grid.unit_id = enforced_units.unit_id
left join volumes
    on grid.unit_id = volumes.unit_id
    and grid.member_unit_id = volumes.member_unit_id
    and grid.activity_date = volumes.activity_date
left join returned_volumes
    on grid.unit_id = returned_volumes.unit_id
    and grid.member_unit_id = returned_volumes.member_unit_id
    and grid.activity_date = returned_volumes.activity_date
where not enforced_units.is_overturned
