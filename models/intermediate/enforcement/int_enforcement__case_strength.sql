with

assessments as (

    select *
    from {{ latest_state(ref('int_case_assessments__keep_states'), 'assessment_id') }} as latest_assessments

),

-- one voice a signer and line: the newest
latest_voices as (

    select *
    from (
        select
            *,
            row_number() over (
                partition by case_id, rubric_line, signer_hash order by assessed_at desc, assessment_id
            ) as voice_rank
        from assessments
    ) as ranked
    where voice_rank = 1

),

lines as (

    select
        case_id,
        rubric_line,
        cast(sum(grade) as double) / count(*) as line_grade,
        bool_or(coalesce(dissent, false) and assessor_role = 'legal') as has_legal_dissent,
        max(assessed_at) as last_assessed_at
    from latest_voices
    group by case_id, rubric_line

),

summed as (

    select
        case_id,
        count(*) as line_count,
        round(avg(line_grade), 6) as strength_score,
        bool_or(has_legal_dissent) as has_legal_dissent,
        min(case
            when rubric_line in ('attribution', 'data_integrity', 'integrity')
                or rubric_line like 'alternative%' then line_grade
        end) as weakest_gate_grade,
        max(last_assessed_at) as last_assessed_at
    from lines
    group by case_id

)

-- gates first, then the mean: never a sum in which much volume makes up for an unproved link (rubric, domain.md E2)
select
    case_id,
    line_count,
    strength_score,
    weakest_gate_grade,
    has_legal_dissent,
    last_assessed_at,
    case
        when coalesce(weakest_gate_grade, 4) < 1 then 'D'
        when strength_score < 1.5 then 'D'
        when coalesce(weakest_gate_grade, 4) < 2 then 'C'
        when strength_score < 2.5 then 'C'
        when coalesce(weakest_gate_grade, 4) < 3 or has_legal_dissent then 'B'
        when strength_score < 3.25 then 'B'
        else 'A'
    end as strength_grade
from summed
