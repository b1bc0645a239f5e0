with

enforcements as (

    select * from {{ ref('int_measurement__enforcements') }}

),

overturned_units as (

    select * from {{ ref('int_measurement__overturned_units') }}

),

members as (

    select * from {{ ref('int_measurement__unit_members') }}
    where not is_control

),

proactive as (

    select
        coalesce(actor_id, account_id) as unit_id,
        bool_and(is_proactive) as is_proactive,
        count(distinct account_id) as acted_account_count
    from {{ ref('actions') }}
    where action_type in ('suspension', 'termination')
    group by coalesce(actor_id, account_id)

),

volumes as (

    select
        members.unit_id,
        count(*) as account_count,
        cast(coalesce(sum(account_features.request_count_28d), 0) as bigint) as request_count_28d
    from members
    left join {{ ref('account_features') }} as account_features
        on members.account_id = account_features.account_id
        and members.enforced_on - 1 = account_features.as_of_date
    group by members.unit_id

),

actor_mixture as (

    select enforcements.unit_id, actors.mixture_share
    from enforcements
    inner join {{ ref('actors') }} as actors
        on enforcements.unit_id = actors.actor_id
        and enforcements.enforced_on - 1 = actors.as_of_date

)

select
    enforcements.unit_id,
    enforcements.unit_type,
    enforcements.action_type,
    enforcements.surface,
    enforcements.enforced_at,
    enforcements.enforced_on,
    coalesce(overturned_units.is_overturned, false) as is_overturned,
    proactive.is_proactive,
    coalesce(volumes.account_count, 0) as account_count,
    coalesce(proactive.acted_account_count, 0) as acted_account_count,
    coalesce(volumes.request_count_28d, 0) as request_count_28d,
    actor_mixture.mixture_share
from enforcements
left join overturned_units on enforcements.unit_id = overturned_units.unit_id
left join proactive on enforcements.unit_id = proactive.unit_id
left join volumes on enforcements.unit_id = volumes.unit_id
left join actor_mixture on enforcements.unit_id = actor_mixture.unit_id
