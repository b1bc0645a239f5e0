-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'review_decisions') }}

),

cast_to_contract as (

    select
        cast(landed.review_id as {{ dbt.type_string() }}) as review_id,
        cast(landed.lead_id as {{ dbt.type_string() }}) as lead_id,
        cast(landed.subject_type as {{ dbt.type_string() }}) as subject_type,
        cast(landed.subject_id as {{ dbt.type_string() }}) as subject_id,
        cast(landed.release_id as {{ dbt.type_string() }}) as release_id,
        try_cast(landed.reviewer_hash as bigint) as reviewer_hash,
        try_cast(landed.opened_at as timestamp) as opened_at,
        try_cast(landed.decided_at as timestamp) as decided_at,
        cast(landed.verdict as {{ dbt.type_string() }}) as verdict,
        cast(landed.policy_clause_id as {{ dbt.type_string() }}) as policy_clause_id,
        cast(landed.tactic_id as {{ dbt.type_string() }}) as tactic_id,
        cast(landed.role as {{ dbt.type_string() }}) as role,
        cast(landed.lookalike_id as {{ dbt.type_string() }}) as lookalike_id,
        try_cast(landed.confidence as double) as confidence,
        try_cast(landed.is_second_review as boolean) as is_second_review,
        cast(landed.rationale_ref as {{ dbt.type_string() }}) as rationale_ref,
        case
            when landed.reviewer_hash is not null and try_cast(landed.reviewer_hash as bigint) is null then 'type:reviewer_hash'
            when landed.opened_at is not null and try_cast(landed.opened_at as timestamp) is null then 'type:opened_at'
            when landed.decided_at is not null and try_cast(landed.decided_at as timestamp) is null then 'type:decided_at'
            when landed.confidence is not null and try_cast(landed.confidence as double) is null then 'type:confidence'
            when landed.is_second_review is not null and try_cast(landed.is_second_review as boolean) is null then 'type:is_second_review'
        end as type_fault,
        cast(landed.arrived_on as date) as arrived_on,
        landed.source_file,
        landed.source_row
    from landed

),

-- the first breach of the contract names the row's fault; NULL is a sound row
screened as (

    select
        *,
        case
            when type_fault is not null then type_fault
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
            when opened_at < timestamp '2000-01-01' then 'range:opened_at'
            when opened_at > timestamp '9999-12-31' then 'range:opened_at'
            when decided_at < timestamp '2000-01-01' then 'range:decided_at'
            when decided_at > timestamp '9999-12-31' then 'range:decided_at'
            when length(verdict) > 512 then 'too_long:verdict'
            when verdict not in ('violation', 'benign', 'insufficient') then 'vocabulary:verdict'
            when length(policy_clause_id) > 512 then 'too_long:policy_clause_id'
            when length(tactic_id) > 512 then 'too_long:tactic_id'
            when length(role) > 512 then 'too_long:role'
            when role not in ('distiller', 'log_harvesting_reseller', 'reseller', 'trial_farmer', 'stolen_key_victim', 'authorised', 'benign') then 'vocabulary:role'
            when length(lookalike_id) > 512 then 'too_long:lookalike_id'
            when {{ is_not_finite('confidence') }} then 'range:confidence'
            when confidence < 0 then 'range:confidence'
            when confidence > 1 then 'range:confidence'
            when length(rationale_ref) > 512 then 'too_long:rationale_ref'
            when cast(opened_at as date) > arrived_on then 'future:opened_at'
            when {{ has_foreign_characters('id', ['review_id', 'lead_id', 'subject_id', 'release_id', 'policy_clause_id', 'tactic_id', 'lookalike_id', 'rationale_ref']) }} then
                case
                    when {{ has_foreign_characters('id', ['review_id']) }} then 'characters:review_id'
                    when {{ has_foreign_characters('id', ['lead_id']) }} then 'characters:lead_id'
                    when {{ has_foreign_characters('id', ['subject_id']) }} then 'characters:subject_id'
                    when {{ has_foreign_characters('id', ['release_id']) }} then 'characters:release_id'
                    when {{ has_foreign_characters('id', ['policy_clause_id']) }} then 'characters:policy_clause_id'
                    when {{ has_foreign_characters('id', ['tactic_id']) }} then 'characters:tactic_id'
                    when {{ has_foreign_characters('id', ['lookalike_id']) }} then 'characters:lookalike_id'
                    when {{ has_foreign_characters('id', ['rationale_ref']) }} then 'characters:rationale_ref'
                end
        end as fault
    from cast_to_contract

)

select
    review_id,
    lead_id,
    subject_type,
    subject_id,
    release_id,
    {{ rekeyed_number('reviewer_hash', 'staff') }} as reviewer_hash,
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
