with

latest as (

    select *
    from {{ latest_state(ref('int_enforcement_appeals__keep_states'), 'appeal_id') }} as latest_appeals

),

-- an action appealed again is settled by the decision that came last
ranked as (

    select
        *,
        decided_at is not null and outcome is not null as is_decided,
        row_number() over (
            partition by action_id
            order by (decided_at is not null and outcome is not null) desc, decided_at desc, filed_at desc, appeal_id desc
        ) as decision_rank
    from latest

)

select
    appeal_id,
    action_id,
    filed_at,
    decided_at,
    decided_by_hash,
    outcome,
    ground,
    arrived_on,
    is_decided,
    is_decided and decision_rank = 1 as is_deciding
from ranked
