{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'known_on'}) }}

with

enforcements as (

    select * from {{ ref('int_measurement__enforcements') }}
    where known_on between {{ as_of_from() }} and {{ as_of_to() }}

),

subjects as (

    select unit_id, unit_id as member_unit_id, unit_type, enforced_on, known_on, false as is_control
    from enforcements
    union all
    select
        enforcements.unit_id,
        matched_units.control_unit_id as member_unit_id,
        enforcements.unit_type,
        enforcements.enforced_on,
        enforcements.known_on,
        true as is_control
    from enforcements
    inner join {{ ref('int_measurement__matched_units') }} as matched_units on enforcements.unit_id = matched_units.unit_id

),

named as (

    select unit_id, member_unit_id, enforced_on, known_on, is_control, member_unit_id as account_id
    from subjects
    where unit_type = 'account'
    union
    select
        subjects.unit_id, subjects.member_unit_id, subjects.enforced_on, subjects.known_on, subjects.is_control,
        members.account_id
    from subjects
    inner join {{ ref('actor_members') }} as members
        on subjects.member_unit_id = members.actor_id
        and subjects.enforced_on - 1 = members.as_of_date
    where subjects.unit_type = 'actor'
    union
    -- an account acted on belongs to the unit even where linking had lost it
    select
        subjects.unit_id, subjects.member_unit_id, subjects.enforced_on, subjects.known_on, subjects.is_control,
        actions.account_id
    from subjects
    inner join {{ ref('int_enforcement_actions__keep_states') }} as actions
        on subjects.unit_id = actions.actor_id
        and actions.arrived_on <= subjects.known_on
    where subjects.unit_type = 'actor' and not subjects.is_control

)

select
    unit_id,
    member_unit_id,
    is_control,
    enforced_on,
    known_on,
    account_id
from named
