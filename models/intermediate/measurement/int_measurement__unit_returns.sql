with

subjects as (

    select distinct unit_id, member_unit_id, is_control, enforced_on
    from {{ ref('int_measurement__unit_members') }}

),

enforced_units as (

    select * from {{ ref('int_measurement__enforced_units') }}

),

-- a control that was acted on later is watched only until then
controls_enforced as (

    select unit_id, enforced_on from enforced_units

),

old_surfaces as (

    select distinct unit_members.unit_id, unit_members.member_unit_id, account_days.surface
    from {{ ref('int_measurement__unit_members') }} as unit_members
    inner join {{ ref('account_days') }} as account_days
        on unit_members.account_id = account_days.account_id
        and account_days.activity_date between unit_members.enforced_on - 28 and unit_members.enforced_on

),

returned as (

    select
        returned_accounts.unit_id,
        returned_accounts.member_unit_id,
        min(returned_accounts.returned_on) as first_return_on,
        count(*) as returned_account_count,
        bool_or(old_surfaces.surface is null) as is_on_other_surface
    from {{ ref('int_measurement__returned_accounts') }} as returned_accounts
    left join old_surfaces
        on returned_accounts.unit_id = old_surfaces.unit_id
        and returned_accounts.member_unit_id = old_surfaces.member_unit_id
        and returned_accounts.surface = old_surfaces.surface
    group by returned_accounts.unit_id, returned_accounts.member_unit_id

)

select
    subjects.unit_id,
    subjects.member_unit_id,
    subjects.is_control,
    enforced_units.action_type,
    subjects.enforced_on,
    returned.first_return_on,
    coalesce(returned.returned_account_count, 0) as returned_account_count,
    coalesce(returned.is_on_other_surface, false) as is_on_other_surface,
    case
        when subjects.is_control and controls_enforced.enforced_on > subjects.enforced_on
            then controls_enforced.enforced_on
        else {{ as_of_to() }}
    end as observed_until
from subjects
inner join enforced_units on subjects.unit_id = enforced_units.unit_id
left join controls_enforced on subjects.member_unit_id = controls_enforced.unit_id
left join returned
    on subjects.unit_id = returned.unit_id
    and subjects.member_unit_id = returned.member_unit_id
where not enforced_units.is_overturned
