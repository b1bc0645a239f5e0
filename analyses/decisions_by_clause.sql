with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('review_queue') }}

)

select
    actions.policy_clause_id,
    actions.action_type,
    count(*) as action_count,
    count(distinct actions.account_id) as account_count,
    count(distinct actions.case_id) as case_count,
    sum(case when actions.has_prior_verdict then 1 else 0 end) as with_prior_verdict_count,
    sum(actions.appeal_count) as appeal_count,
    sum(actions.decided_appeal_count) as decided_appeal_count,
    sum(case when actions.is_overturned then 1 else 0 end) as overturned_count,
    median(actions.hours_decided_to_notice) as median_hours_to_notice
from {{ ref('actions') }} as actions
inner join tonight on actions.decided_at >= tonight.as_of_date - interval 27 day
group by actions.policy_clause_id, actions.action_type
order by count(*) desc, actions.policy_clause_id, actions.action_type
