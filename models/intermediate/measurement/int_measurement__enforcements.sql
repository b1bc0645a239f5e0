with

-- only what had landed counts, so that a unit's start is the same whatever night it is looked at
blocking_states as (

    select
        coalesce(actor_id, account_id) as unit_id,
        case when actor_id is null then 'account' else 'actor' end as unit_type,
        account_id,
        case_id,
        action_id,
        arrived_on,
        surface,
        action_type,
        effective_at,
        greatest(arrived_on, cast(effective_at as date)) as known_on
    from {{ ref('int_enforcement_actions__keep_states') }}
    where action_type in ('suspension', 'termination')
        and effective_at is not null
        and arrived_on <= {{ as_of_to() }}
        and cast(effective_at as date) <= {{ as_of_to() }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by unit_id
            order by known_on, effective_at, (action_type = 'suspension'), case_id, account_id, action_id, arrived_on
        ) as start_rank
    from blocking_states

)

select
    unit_id,
    unit_type,
    case_id,
    action_type,
    surface,
    effective_at as enforced_at,
    cast(effective_at as date) as enforced_on,
    known_on
from ranked
where start_rank = 1
