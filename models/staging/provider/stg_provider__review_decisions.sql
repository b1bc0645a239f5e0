-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'review_decisions') }}

),

cast_to_contract as (

    select
        cast(review_id as varchar) as review_id,
        cast(lead_id as varchar) as lead_id,
        cast(subject_type as varchar) as subject_type,
        cast(subject_id as varchar) as subject_id,
        cast(release_id as varchar) as release_id,
        cast(reviewer_hash as bigint) as reviewer_hash,
        cast(opened_at as timestamp) as opened_at,
        cast(decided_at as timestamp) as decided_at,
        cast(verdict as varchar) as verdict,
        cast(policy_clause_id as varchar) as policy_clause_id,
        cast(tactic_id as varchar) as tactic_id,
        cast(role as varchar) as role,
        cast(lookalike_id as varchar) as lookalike_id,
        cast(confidence as double) as confidence,
        cast(is_second_review as boolean) as is_second_review,
        cast(rationale_ref as varchar) as rationale_ref,
        cast(arrived_on as date) as arrived_on,
        source_file,
        source_row
    from landed

),

-- the first breach of the contract names the row's fault; NULL is a sound row
screened as (

    select
        *,
        case
            when review_id is null then 'missing:review_id'
            when length(review_id) > 512 then 'too_long:review_id'
            when lead_id is null then 'missing:lead_id'
            when length(lead_id) > 512 then 'too_long:lead_id'
            when subject_type is null then 'missing:subject_type'
            when length(subject_type) > 512 then 'too_long:subject_type'
            when subject_type not in ('account', 'actor') then 'vocabulary:subject_type'
            when length(subject_id) > 512 then 'too_long:subject_id'
            when release_id is null then 'missing:release_id'
            when length(release_id) > 512 then 'too_long:release_id'
            when reviewer_hash is null then 'missing:reviewer_hash'
            when opened_at is null then 'missing:opened_at'
            when length(verdict) > 512 then 'too_long:verdict'
            when verdict not in ('violation', 'benign', 'insufficient') then 'vocabulary:verdict'
            when length(policy_clause_id) > 512 then 'too_long:policy_clause_id'
            when length(tactic_id) > 512 then 'too_long:tactic_id'
            when length(role) > 512 then 'too_long:role'
            when role not in ('distiller', 'log_harvesting_reseller', 'reseller', 'trial_farmer', 'stolen_key_victim', 'authorised', 'benign') then 'vocabulary:role'
            when length(lookalike_id) > 512 then 'too_long:lookalike_id'
            when confidence < 0 then 'range:confidence'
            when confidence > 1 then 'range:confidence'
            when length(rationale_ref) > 512 then 'too_long:rationale_ref'
            when cast(opened_at as date) > arrived_on then 'future:opened_at'
        end as fault
    from cast_to_contract

)

select
    review_id,
    lead_id,
    subject_type,
    subject_id,
    release_id,
    reviewer_hash,
    opened_at,
    decided_at,
    verdict,
    policy_clause_id,
    tactic_id,
    role,
    lookalike_id,
    confidence,
    is_second_review,
    rationale_ref,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
