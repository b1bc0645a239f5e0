with

latest as (

    select *
    from {{ latest_state(ref('int_enforcement_actions__keep_states'), 'action_id') }} as latest_actions

),

appeals as (

    select *
    from {{ latest_state(ref('int_enforcement_appeals__keep_states'), 'appeal_id') }} as latest_appeals

),

appeals_per_action as (

    select
        action_id,
        count(*) as appeal_count,
        min(filed_at) as first_filed_at,
        cast(count_if(decided_at is not null and outcome is not null) as bigint) as decided_appeal_count,
        cast(count_if(outcome = 'overturned') as bigint) as overturned_count,
        cast(count_if(outcome = 'partially_overturned') as bigint) as partly_overturned_count,
        min(case when outcome = 'overturned' then ground end) as overturn_ground
    from appeals
    group by action_id

)

-- an action taken back without an appeal is overturned too, unless an appeal reduced it only in part
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
    coalesce(appeals_per_action.appeal_count, 0) as appeal_count,
    coalesce(appeals_per_action.decided_appeal_count, 0) as decided_appeal_count,
    appeals_per_action.first_filed_at as first_appealed_at,
    coalesce(appeals_per_action.overturned_count, 0) > 0
        or (latest.reversed_at is not null and coalesce(appeals_per_action.partly_overturned_count, 0) = 0) as is_overturned,
    coalesce(appeals_per_action.overturned_count, 0) = 0
        and coalesce(appeals_per_action.partly_overturned_count, 0) > 0 as is_partly_overturned,
    coalesce(appeals_per_action.overturn_ground, latest.reversal_ground) as overturn_ground
from latest
left join appeals_per_action on latest.action_id = appeals_per_action.action_id
