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

first_returns as (

    select
        *,
        row_number() over (partition by unit_id, member_unit_id order by returned_on, new_account_id) as return_rank,
        count(*) over (partition by unit_id, member_unit_id) as returned_account_count
    from {{ ref('int_measurement__returned_accounts') }}

),

returned as (

    select
        first_returns.unit_id,
        first_returns.member_unit_id,
        first_returns.returned_on as first_return_on,
        first_returns.returned_account_count,
        old_surfaces.surface is null as is_on_other_surface
    from first_returns
    left join old_surfaces
        on first_returns.unit_id = old_surfaces.unit_id
        and first_returns.member_unit_id = old_surfaces.member_unit_id
        and first_returns.surface = old_surfaces.surface
    where first_returns.return_rank = 1

),

-- without any of these no new account can be tied to it by more than behaviour
identified as (

    select account_id
    from {{ ref('int_accounts__keep_changes') }}
    where arrived_on <= {{ as_of_to() }}
        and coalesce(
            {%- for link_kind, column in identity_values() %}
            cast({{ column }} as {{ dbt.type_string() }}),
            {%- endfor %}
            cast(email_pattern_hash as {{ dbt.type_string() }})
        ) is not null
    union
    select account_id
    from {{ ref('int_billing_charges__keep_states') }}
    where arrived_on <= {{ as_of_to() }} and payment_method_fingerprint is not null

),

linkable as (

    select distinct unit_members.unit_id, unit_members.member_unit_id
    from {{ ref('int_measurement__unit_members') }} as unit_members
    inner join identified on unit_members.account_id = identified.account_id

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
    linkable.unit_id is not null as is_linkable,
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
left join linkable
    on subjects.unit_id = linkable.unit_id
    and subjects.member_unit_id = linkable.member_unit_id
where not enforced_units.is_overturned
