with

decided as (

    select * from {{ ref('reviews') }}
    where verdict is not null and decided_at is not null

),

first_reviews as (

    select lead_id, review_id, reviewer_hash, verdict, decided_at
    from (
        select
            *,
            row_number() over (partition by lead_id order by decided_at desc, review_id) as review_rank
        from decided
        where not coalesce(is_second_review, false)
    ) as ranked
    where review_rank = 1

),

second_reviews as (

    select lead_id, review_id, reviewer_hash, verdict, decided_at
    from (
        select
            *,
            row_number() over (partition by lead_id order by decided_at, review_id) as review_rank
        from decided
        where coalesce(is_second_review, false)
    ) as ranked
    where review_rank = 1

)

-- one reviewer agreeing with itself is no agreement
select
    first_reviews.lead_id,
    first_reviews.verdict as first_verdict,
    second_reviews.verdict as second_verdict,
    second_reviews.decided_at
from first_reviews
inner join second_reviews
    on first_reviews.lead_id = second_reviews.lead_id
    and first_reviews.reviewer_hash <> second_reviews.reviewer_hash
