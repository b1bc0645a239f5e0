with

reviews as (

    select *
    from {{ latest_state(ref('int_review_decisions__keep_states'), 'review_id') }} as latest_reviews

),

-- a second review measures agreement; the first reviewer's latest decision stands, a second one only where it is alone
ranked as (

    select
        *,
        row_number() over (
            partition by lead_id
            order by (decided_at is null), coalesce(is_second_review, false), decided_at desc, review_id
        ) as decision_rank,
        min(opened_at) over (partition by lead_id) as first_opened_at,
        count(*) over (partition by lead_id) as review_count
    from reviews

)

select
    lead_id,
    review_id,
    subject_type,
    subject_id,
    release_id,
    reviewer_hash,
    first_opened_at as opened_at,
    decided_at,
    verdict,
    policy_clause_id,
    tactic_id,
    role,
    lookalike_id,
    confidence,
    review_count
from ranked
where decision_rank = 1
