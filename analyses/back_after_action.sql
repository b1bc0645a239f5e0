with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('actors') }}

),

acted_on as (

    select
        actions.account_id,
        min(actions.effective_at) as first_effective_at
    from {{ ref('actions') }} as actions
    where actions.is_in_force and not actions.is_overturned
    group by actions.account_id

),

enforced_members as (

    select
        actor_members.actor_id,
        min(acted_on.first_effective_at) as first_effective_at,
        count(*) as enforced_account_count
    from {{ ref('actor_members') }} as actor_members
    inner join tonight on actor_members.as_of_date = tonight.as_of_date
    inner join acted_on on actor_members.account_id = acted_on.account_id
    group by actor_members.actor_id

),

newer_members as (

    select
        actor_members.actor_id,
        count(*) as newer_account_count,
        sum(account_features.request_count_7d) as newer_request_count_7d
    from {{ ref('actor_members') }} as actor_members
    inner join tonight on actor_members.as_of_date = tonight.as_of_date
    inner join enforced_members on actor_members.actor_id = enforced_members.actor_id
    inner join {{ ref('account_features') }} as account_features
        on actor_members.as_of_date = account_features.as_of_date and actor_members.account_id = account_features.account_id
    where account_features.created_at >= enforced_members.first_effective_at
    group by actor_members.actor_id

)

select
    enforced_members.actor_id,
    enforced_members.first_effective_at,
    enforced_members.enforced_account_count,
    newer_members.newer_account_count,
    newer_members.newer_request_count_7d
from enforced_members
inner join newer_members on enforced_members.actor_id = newer_members.actor_id
order by newer_members.newer_request_count_7d desc, enforced_members.actor_id
