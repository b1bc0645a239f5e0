with

verdicts as (

    select * from {{ ref('int_review__verdicts') }}

),

actions as (

    select * from {{ ref('int_enforcement__action_states') }}
    where lead_id is not null and action_type not in ('no_action', 'victim_notice')

),

-- an action older than the verdict did not rest on it
standing as (

    select
        verdicts.lead_id,
        count(*) as action_count,
        cast({{ count_where("actions.is_overturned and actions.overturn_ground = 'factual'") }} as bigint) as factual_reversal_count
    from verdicts
    inner join actions on verdicts.lead_id = actions.lead_id and verdicts.decided_at <= actions.decided_at
    where verdicts.verdict = 'violation'
    group by verdicts.lead_id

)

-- one account of an actor cleared on the facts clears the account, not the actor: every action on the lead must be
select
    verdicts.lead_id,
    verdicts.verdict,
    coalesce(standing.action_count, 0) as action_count,
    coalesce(standing.factual_reversal_count, 0) as factual_reversal_count,
    case
        when standing.factual_reversal_count = standing.action_count then 'benign'
        else verdicts.verdict
    end as label
from verdicts
left join standing on verdicts.lead_id = standing.lead_id
