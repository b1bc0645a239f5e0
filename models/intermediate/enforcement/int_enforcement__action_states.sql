with

latest as (

    select *
    from {{ latest_state(ref('int_enforcement_actions__keep_states'), 'action_id') }} as latest_actions

),

appeals as (

    select * from {{ ref('int_enforcement__appeal_states') }}

),

appeals_per_action as (

    select
        action_id,
        count(*) as appeal_count,
        min(filed_at) as first_filed_at,
        cast({{ count_where('is_decided') }} as bigint) as decided_appeal_count,
        coalesce(bool_or(is_decided and outcome = 'partially_overturned'), false) as has_partial_outcome,
        max(case when is_deciding then outcome end) as appeal_outcome,
        max(case when is_deciding then ground end) as appeal_ground
    from appeals
    group by action_id

),

-- an action taken back without an appeal is overturned too, unless an appeal reduced it only in part
settled as (

    select
        latest.action_id,
        coalesce(appeals_per_action.appeal_count, 0) as appeal_count,
        coalesce(appeals_per_action.decided_appeal_count, 0) as decided_appeal_count,
        appeals_per_action.first_filed_at as first_appealed_at,
        appeals_per_action.appeal_outcome,
        appeals_per_action.appeal_ground,
        coalesce(appeals_per_action.has_partial_outcome, false) as has_partial_outcome,
        coalesce(appeals_per_action.appeal_outcome = 'overturned', false)
            or (latest.reversed_at is not null and not coalesce(appeals_per_action.has_partial_outcome, false)) as is_overturned
    from latest
    left join appeals_per_action on latest.action_id = appeals_per_action.action_id

)

select
    latest.*,
    case latest.action_type
        when 'no_action' then 0
        when 'victim_notice' then 1
        when 'warning' then 2
        when 'rate_limit' then 3
        when 'feature_block' then 4
        when 'key_revocation' then 5
        when 'suspension' then 6
        when 'termination' then 7
    end as severity_rank,
    settled.appeal_count,
    settled.decided_appeal_count,
    settled.first_appealed_at,
    settled.appeal_outcome,
    settled.appeal_ground,
    settled.is_overturned,
    settled.has_partial_outcome and not settled.is_overturned as is_partly_overturned,
    case
        when settled.appeal_outcome = 'overturned' then coalesce(settled.appeal_ground, latest.reversal_ground)
        else latest.reversal_ground
    end as overturn_ground
from latest
inner join settled on latest.action_id = settled.action_id
