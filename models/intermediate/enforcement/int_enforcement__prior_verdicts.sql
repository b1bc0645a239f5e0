with

actions as (

    select * from {{ ref('int_enforcement__action_states') }}

),

case_leads as (

    select * from {{ ref('int_enforcement__case_leads') }}

),

-- every state: what a reviewer said before the action is no less said when it was corrected after it
reviews as (

    select * from {{ ref('int_review_decisions__keep_states') }}
    where verdict is not null and arrived_on <= {{ as_of_to() }}

),

-- a verdict counts for an action when it is on a lead of its case, or on its account or actor
spoken as (

    {%- set ways = [
        "case_leads on actions.case_id = case_leads.case_id inner join reviews on case_leads.lead_id = reviews.lead_id",
        "reviews on reviews.subject_type = 'account' and actions.account_id = reviews.subject_id",
        "reviews on reviews.subject_type = 'actor' and actions.actor_id = reviews.subject_id",
    ] %}
    {%- for way in ways %}
    select
        actions.action_id,
        actions.decided_at as action_decided_at,
        reviews.review_id,
        reviews.verdict,
        reviews.decided_at,
        reviews.is_second_review,
        reviews.arrived_on
    from actions
    inner join {{ way }}
    {{ 'union' if not loop.last }}
    {%- endfor %}

),

-- a second review measures agreement and gives no verdict, except where it is alone
ranked as (

    select
        action_id,
        verdict,
        row_number() over (
            partition by action_id order by coalesce(is_second_review, false), decided_at desc, arrived_on, review_id
        ) as recency_rank
    from spoken
    where decided_at <= action_decided_at

)

select
    action_id,
    verdict as prior_verdict,
    verdict = 'violation' as has_prior_verdict
from ranked
where recency_rank = 1
