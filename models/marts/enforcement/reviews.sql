with

reviews_landed as (

    select * from {{ latest_state(ref('int_review_decisions__keep_states'), 'review_id') }} as latest_states

),

leads as (

    select * from {{ ref('int_review__leads') }}

),

verdicts as (

    select * from {{ ref('int_review__verdicts') }}

),

labels as (

    select lead_id, label from {{ ref('int_review__labels') }}

),

account_keys as (

    select account_id from {{ ref('int_accounts__assign_keys') }}

),

actors as (

    select distinct actor_id from {{ ref('actor_members') }}
    where as_of_date <= {{ as_of_to() }}

),

clauses as (

    select distinct policy_clause_id from {{ ref('policy_clauses') }}

)

select
    reviews_landed.review_id,
    reviews_landed.lead_id,
    reviews_landed.subject_type,
    reviews_landed.subject_id,
    reviews_landed.release_id,
    reviews_landed.reviewer_hash,
    reviews_landed.opened_at,
    reviews_landed.decided_at,
    reviews_landed.verdict,
    reviews_landed.policy_clause_id,
    reviews_landed.tactic_id,
    reviews_landed.role,
    reviews_landed.lookalike_id,
    reviews_landed.confidence,
    reviews_landed.is_second_review,
    reviews_landed.rationale_ref,
    reviews_landed.arrived_on as state_arrived_on,
    leads.lead_id is not null as is_known_lead,
    coalesce(account_keys.account_id, actors.actor_id) is not null as is_known_subject,
    leads.selection,
    leads.first_queued_on,
    {{ hours_between('cast(leads.first_queued_on + 1 as timestamp)', 'reviews_landed.opened_at') }} as hours_queued_to_opened,
    {{ hours_between('reviews_landed.opened_at', 'reviews_landed.decided_at') }} as hours_opened_to_decided,
    coalesce(verdicts.review_id = reviews_landed.review_id and reviews_landed.verdict is not null, false) as is_verdict_of_lead,
    reviews_landed.policy_clause_id is null or clauses.policy_clause_id is not null as is_known_clause,
    case when verdicts.review_id = reviews_landed.review_id then labels.label end as label
from reviews_landed
left join clauses on reviews_landed.policy_clause_id = clauses.policy_clause_id
left join leads on reviews_landed.lead_id = leads.lead_id
left join verdicts on reviews_landed.lead_id = verdicts.lead_id
left join labels on reviews_landed.lead_id = labels.lead_id
left join account_keys on reviews_landed.subject_type = 'account' and reviews_landed.subject_id = account_keys.account_id
left join actors on reviews_landed.subject_type = 'actor' and reviews_landed.subject_id = actors.actor_id
