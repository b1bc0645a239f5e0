{{ config(materialized='view') }}

with

subjects_seen as (

    select * from {{ ref('int_enforcement__case_subjects') }}

),

actions as (

    select * from {{ ref('int_enforcement__action_states') }}

),

actor_nights as (

    select
        subjects_seen.case_id,
        members.actor_id,
        max(members.as_of_date) as as_of_date
    from subjects_seen
    inner join {{ ref('actor_members') }} as members
        on subjects_seen.subject_id = members.actor_id
        and members.as_of_date <= subjects_seen.seen_on
    where subjects_seen.subject_type = 'actor'
    group by subjects_seen.case_id, members.actor_id

),

named as (

    select case_id, account_id, true as is_acted_on from actions
    union all
    select case_id, subject_id as account_id, false as is_acted_on
    from subjects_seen
    where subject_type = 'account'
    union all
    select actor_nights.case_id, members.account_id, false as is_acted_on
    from actor_nights
    inner join {{ ref('actor_members') }} as members
        on actor_nights.actor_id = members.actor_id
        and actor_nights.as_of_date = members.as_of_date

)

select
    case_id,
    account_id,
    bool_or(is_acted_on) as is_acted_on
from named
group by case_id, account_id
