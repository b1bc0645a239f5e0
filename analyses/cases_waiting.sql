with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('review_queue') }}

),

sent as (

    select
        escalations.case_id,
        sum(case when escalations.is_past_due then 1 else 0 end) as past_due_escalation_count,
        max(case when escalations.is_on_hold then 1 else 0 end) = 1 as is_on_hold
    from {{ ref('escalations') }} as escalations
    group by escalations.case_id

),

referred as (

    select
        referrals.case_id,
        sum(case when referrals.is_past_due then 1 else 0 end) as past_due_referral_count
    from {{ ref('referrals') }} as referrals
    group by referrals.case_id

)

select
    cases.case_id,
    cases.opened_at,
    cases.strength_grade,
    cases.policy_clause_id,
    cases.account_count,
    coalesce(sent.past_due_escalation_count, 0) as past_due_escalation_count,
    coalesce(referred.past_due_referral_count, 0) as past_due_referral_count,
    coalesce(sent.is_on_hold, false) as is_on_hold
from {{ ref('cases') }} as cases
inner join tonight on cases.opened_at < tonight.as_of_date + interval 1 day
left join sent on cases.case_id = sent.case_id
left join referred on cases.case_id = referred.case_id
where cases.decided_at is null
order by cases.opened_at, cases.case_id
