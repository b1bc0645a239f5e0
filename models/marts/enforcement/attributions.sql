with

attributions_landed as (

    select * from {{ latest_state(ref('int_attributions__keep_states'), 'attribution_id') }} as latest_states

),

actors as (

    select distinct actor_id from {{ ref('actor_members') }}
    where as_of_date <= {{ as_of_to() }}

)

select
    attributions_landed.attribution_id,
    attributions_landed.actor_id,
    attributions_landed.version,
    attributions_landed.stated_at,
    attributions_landed.stated_by_hash,
    attributions_landed.statement_ref,
    attributions_landed.confidence,
    attributions_landed.source_count,
    attributions_landed.superseded_at,
    attributions_landed.arrived_on as state_arrived_on,
    actors.actor_id is not null as is_known_actor,
    attributions_landed.superseded_at is null
        and attributions_landed.version = max(attributions_landed.version) over (partition by attributions_landed.actor_id) as is_current
from attributions_landed
left join actors on attributions_landed.actor_id = actors.actor_id
