with

actions as (

    select * from {{ ref('actions') }}

),

accounts as (

    select * from {{ ref('accounts') }}

),

cases as (

    select * from {{ ref('cases') }}

),

deciding_appeals as (

    select * from {{ ref('appeals') }}
    where is_deciding

)

select
    actions.action_id,
    actions.case_id,
    actions.account_id,
    actions.actor_id,
    actions.action_type,
    actions.surface,
    coalesce(actions.partner, '') as partner,
    actions.policy_clause_id,
    cases.tactic_id,
    cases.strength_grade,
    actions.decided_at,
    actions.notice_sent_at,
    actions.effective_at,
    actions.is_overturned,
    actions.is_partly_overturned,
    actions.overturn_ground,
    actions.appeal_count > 0 as is_appealed,
    deciding_appeals.outcome as appeal_outcome,
    deciding_appeals.ground as appeal_ground,
    -- days lost while a blocking action that fell on its facts was in effect
    case
        when actions.is_overturned
            and actions.overturn_ground = 'factual'
            and actions.action_type in ('suspension', 'termination', 'key_revocation', 'feature_block')
            and actions.effective_at is not null
            then greatest(0, {{ hours_between(
                'actions.effective_at',
                'coalesce(least(actions.reversed_at, actions.expires_at), cast(' ~ as_of_to() ~ ' + 1 as timestamp))'
            ) }} / 24)
    end as lost_days,
    coalesce(accounts.declared_country, 'unknown') as country,
    coalesce(accounts.main_language, 'unknown') as language,
    coalesce(accounts.tier, 'unknown') as tier,
    coalesce(accounts.account_type, 'unknown') as account_type
from actions
left join accounts on actions.account_id = accounts.account_id
left join cases on actions.case_id = cases.case_id
left join deciding_appeals on actions.action_id = deciding_appeals.action_id
