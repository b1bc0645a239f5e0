{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'matched_on'}) }}

with

enforcements as (

    select * from {{ ref('int_measurement__enforcements') }}
    where known_on between {{ as_of_from() }} and {{ as_of_to() }}

),

-- the last night before the action took effect
account_features as (

    select as_of_date, account_id, request_count_28d, request_count_7d
    from {{ ref('account_features') }}
    where as_of_date in (select enforced_on - 1 from enforcements)

),

members as (

    select as_of_date, actor_id, account_id
    from {{ ref('actor_members') }}
    where as_of_date in (select enforced_on - 1 from enforcements)

),

units as (

    select
        account_features.as_of_date,
        case when members.actor_id is null then 'account' else 'actor' end as unit_type,
        coalesce(members.actor_id, account_features.account_id) as unit_id,
        count(*) as account_count,
        cast(sum(account_features.request_count_28d) as bigint) as request_count_28d,
        cast(sum(account_features.request_count_7d) as bigint) as request_count_7d
    from account_features
    left join members
        on account_features.as_of_date = members.as_of_date
        and account_features.account_id = members.account_id
    group by
        account_features.as_of_date,
        case when members.actor_id is null then 'account' else 'actor' end,
        coalesce(members.actor_id, account_features.account_id)

),

sized as (

    select
        *,
        cast(floor(ln(1 + request_count_28d) / ln(2)) as integer) as volume_octave
    from units

),

-- anyone under action or found in breach by then is no control; nor is whoever shares an account with them
acted_on as (

    select account_id as subject_id, min(arrived_on) as since_on
    from {{ ref('int_enforcement_actions__keep_states') }}
    where action_type <> 'no_action'
    group by account_id
    union all
    select actor_id as subject_id, min(arrived_on) as since_on
    from {{ ref('int_enforcement_actions__keep_states') }}
    where action_type <> 'no_action' and actor_id is not null
    group by actor_id
    union all
    select subject_id, min(arrived_on) as since_on
    from {{ ref('int_review_decisions__keep_states') }}
    where verdict = 'violation'
    group by subject_id

),

tainted as (

    select subject_id as unit_id, since_on from acted_on
    union all
    select members.actor_id as unit_id, min(acted_on.since_on) as since_on
    from members
    inner join acted_on on members.account_id = acted_on.subject_id
    group by members.actor_id

),

tainted_since as (

    select unit_id, min(since_on) as since_on
    from tainted
    group by unit_id

),

paired as (

    select
        enforcements.unit_id,
        enforcements.unit_type,
        enforcements.enforced_on,
        enforcements.known_on as matched_on,
        controls.unit_id as control_unit_id,
        abs(ln((1 + controls.request_count_28d) / cast(1 + treated.request_count_28d as double)))
            + abs(ln((1 + controls.request_count_7d) / cast(1 + treated.request_count_7d as double)))
            + abs(ln(controls.account_count / cast(treated.account_count as double))) as distance
    from enforcements
    inner join sized as treated
        on enforcements.unit_id = treated.unit_id
        and enforcements.enforced_on - 1 = treated.as_of_date
    inner join sized as controls
        on treated.as_of_date = controls.as_of_date
        and treated.unit_type = controls.unit_type
        and treated.unit_id <> controls.unit_id
        and controls.volume_octave between treated.volume_octave - 1 and treated.volume_octave + 1
    left join tainted_since on controls.unit_id = tainted_since.unit_id
    where tainted_since.since_on is null or tainted_since.since_on > enforcements.known_on

),

ranked as (

    select
        *,
        cast(row_number() over (
            partition by unit_id order by {{ as_decimal('distance', 18, 9) }}, control_unit_id
        ) as bigint) as match_rank
    from paired

)

select
    unit_id,
    unit_type,
    enforced_on,
    control_unit_id,
    match_rank,
    distance,
    matched_on
from ranked
where match_rank <= 5
