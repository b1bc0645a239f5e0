-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'case_assessments') }}

),

cast_to_contract as (

    select
        cast(landed.assessment_id as {{ dbt.type_string() }}) as assessment_id,
        cast(landed.case_id as {{ dbt.type_string() }}) as case_id,
        try_cast(landed.assessed_at as timestamp) as assessed_at,
        cast(landed.assessor_role as {{ dbt.type_string() }}) as assessor_role,
        cast(landed.rubric_line as {{ dbt.type_string() }}) as rubric_line,
        try_cast(landed.grade as integer) as grade,
        try_cast(landed.dissent as boolean) as dissent,
        try_cast(landed.signer_hash as bigint) as signer_hash,
        cast(landed.rationale_ref as {{ dbt.type_string() }}) as rationale_ref,
        case
            when landed.assessed_at is not null and try_cast(landed.assessed_at as timestamp) is null then 'type:assessed_at'
            when landed.grade is not null and try_cast(landed.grade as integer) is null then 'type:grade'
            when landed.dissent is not null and try_cast(landed.dissent as boolean) is null then 'type:dissent'
            when landed.signer_hash is not null and try_cast(landed.signer_hash as bigint) is null then 'type:signer_hash'
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
            when assessment_id is null then 'missing:assessment_id'
            when length(assessment_id) > 512 then 'too_long:assessment_id'
            when case_id is null then 'missing:case_id'
            when length(case_id) > 512 then 'too_long:case_id'
            when assessed_at is null then 'missing:assessed_at'
            when assessed_at < timestamp '2000-01-01' then 'range:assessed_at'
            when assessed_at > timestamp '9999-12-31' then 'range:assessed_at'
            when assessor_role is null then 'missing:assessor_role'
            when length(assessor_role) > 512 then 'too_long:assessor_role'
            when assessor_role not in ('legal', 'policy', 'engineering') then 'vocabulary:assessor_role'
            when rubric_line is null then 'missing:rubric_line'
            when length(rubric_line) > 512 then 'too_long:rubric_line'
            when grade is null then 'missing:grade'
            when grade < 0 then 'range:grade'
            when grade > 4 then 'range:grade'
            when signer_hash is null then 'missing:signer_hash'
            when length(rationale_ref) > 512 then 'too_long:rationale_ref'
            when cast(assessed_at as date) > arrived_on then 'future:assessed_at'
            when {{ has_foreign_characters('id', ['assessment_id', 'case_id', 'rationale_ref']) }} then
                case
                    when {{ has_foreign_characters('id', ['assessment_id']) }} then 'characters:assessment_id'
                    when {{ has_foreign_characters('id', ['case_id']) }} then 'characters:case_id'
                    when {{ has_foreign_characters('id', ['rationale_ref']) }} then 'characters:rationale_ref'
                end
            when {{ has_foreign_characters('text', ['rubric_line']) }} then
                case
                    when {{ has_foreign_characters('text', ['rubric_line']) }} then 'characters:rubric_line'
                end
        end as fault
    from cast_to_contract

)

select
    assessment_id,
    case_id,
    assessed_at,
    assessor_role,
    rubric_line,
    grade,
    dissent,
    {{ rekeyed_number('signer_hash', 'staff') }} as signer_hash,
    rationale_ref,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
