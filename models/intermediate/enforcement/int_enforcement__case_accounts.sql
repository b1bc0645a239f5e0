with

case_leads as (

    select * from {{ ref('int_enforcement__case_leads') }}

),

leads as (

    select * from {{ ref('int_review__leads') }}

),

verdicts as (

    select * from {{ ref('int_review__verdicts') }}

),

actions as (

    select * from {{ ref('int_enforcement__action_states') }}

),

-- the night a reviewer saw: the last one the lead was queued, and not after the verdict
subjects_seen as (

    select
        case_leads.case_id,
        leads.subject_type,
        leads.subject_id,
        least(leads.last_queued_on, coalesce(cast(verdicts.decided_at as date), leads.last_queued_on)) as seen_on
    from case_leads
    inner join leads on case_leads.lead_id = leads.lead_id
    left join verdicts on case_leads.lead_id = verdicts.lead_id

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
