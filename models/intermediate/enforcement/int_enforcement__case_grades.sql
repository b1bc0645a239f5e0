with

assessments as (

    select *
    from {{ latest_state(ref('int_case_assessments__keep_states'), 'assessment_id') }} as latest_assessments

),

case_versions as (

    select * from {{ ref('int_enforcement__case_versions') }}

),

versions as (

    select * from {{ ref('framework_calendar') }}

),

rubric as (

    select * from {{ ref('rubric_lines') }}

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

line_grades as (

    select
        case_id,
        rubric_line,
        cast(sum(grade) as double) / count(*) as line_grade,
        bool_or(coalesce(dissent, false) and assessor_role = 'legal') as has_legal_dissent,
        max(assessed_at) as last_assessed_at
    from latest_voices
    group by case_id, rubric_line

),

assessed_cases as (

    select
        line_grades.case_id,
        case_versions.framework_version as own_version,
        bool_or(line_grades.has_legal_dissent) as has_legal_dissent,
        max(line_grades.last_assessed_at) as last_assessed_at
    from line_grades
    inner join case_versions on line_grades.case_id = case_versions.case_id
    group by line_grades.case_id, case_versions.framework_version

),

asked as (

    select
        assessed_cases.case_id,
        versions.framework_version,
        versions.framework_version = assessed_cases.own_version as is_own_version,
        rubric.rubric_line,
        rubric.weight,
        rubric.is_gate,
        rubric.gate_minimum,
        rubric.carried_from
    from assessed_cases
    cross join versions
    inner join rubric on versions.rubric_version = rubric.rubric_version

),

-- only a replay lets grades of older lines stand for a line that nobody has graded
carried as (

    select
        asked.case_id,
        asked.framework_version,
        asked.rubric_line,
        sum(line_grades.line_grade) / count(*) as line_grade
    from asked
    inner join line_grades
        on asked.case_id = line_grades.case_id
        and {{ is_listed('line_grades.rubric_line', 'asked.carried_from') }}
    where not asked.is_own_version
    group by asked.case_id, asked.framework_version, asked.rubric_line

),

graded as (

    select
        asked.case_id,
        asked.framework_version,
        asked.is_own_version,
        asked.rubric_line,
        asked.weight,
        asked.is_gate,
        coalesce(line_grades.line_grade, carried.line_grade) as line_grade,
        line_grades.line_grade is null and carried.line_grade is not null as is_carried,
        -- each grade below a gate's minimum costs a letter
        case
            when asked.is_gate
                then least(3, ceil(greatest(0, asked.gate_minimum - coalesce(line_grades.line_grade, carried.line_grade))))
        end as letters_lost
    from asked
    left join line_grades on asked.case_id = line_grades.case_id and asked.rubric_line = line_grades.rubric_line
    left join carried
        on asked.case_id = carried.case_id
        and asked.framework_version = carried.framework_version
        and asked.rubric_line = carried.rubric_line

),

unknown_lines as (

    select
        line_grades.case_id,
        versions.framework_version,
        count(*) as unknown_line_count
    from line_grades
    cross join versions
    left join rubric on versions.rubric_version = rubric.rubric_version and line_grades.rubric_line = rubric.rubric_line
    where rubric.rubric_line is null
    group by line_grades.case_id, versions.framework_version

),

summed as (

    select
        case_id,
        framework_version,
        is_own_version,
        count(line_grade) as line_count,
        cast({{ count_where('is_carried') }} as bigint) as carried_line_count,
        {{ rounded(
            'sum(case when line_grade is not null then weight * line_grade end)
                / nullif(sum(case when line_grade is not null then weight end), 0)', 6
        ) }} as strength_score,
        min(case when is_gate then line_grade end) as weakest_gate_grade,
        max(coalesce(letters_lost, 0)) as letters_lost,
        {{ joined_text('case when line_grade is null then rubric_line end', ',', 'rubric_line') }} as ungraded_lines,
        {{ joined_text('case when line_grade is null and is_gate then rubric_line end', ',', 'rubric_line') }} as ungraded_gates
    from graded
    group by case_id, framework_version, is_own_version

),

ranked as (

    select
        summed.*,
        assessed_cases.has_legal_dissent,
        assessed_cases.last_assessed_at,
        coalesce(unknown_lines.unknown_line_count, 0) as unknown_line_count,
        greatest(
            case
                when summed.strength_score >= versions.minimum_score_a then 0
                when summed.strength_score >= versions.minimum_score_b then 1
                when summed.strength_score >= versions.minimum_score_c then 2
                else 3
            end,
            summed.letters_lost,
            case when assessed_cases.has_legal_dissent then 1 else 0 end
        ) as letter_rank
    from summed
    inner join assessed_cases on summed.case_id = assessed_cases.case_id
    inner join versions on summed.framework_version = versions.framework_version
    left join unknown_lines
        on summed.case_id = unknown_lines.case_id
        and summed.framework_version = unknown_lines.framework_version

)

-- gates first, then the weighted mean: never a sum in which much volume makes up for an unproved link (domain.md E2)
select
    case_id,
    framework_version,
    is_own_version,
    line_count,
    carried_line_count,
    unknown_line_count,
    ungraded_lines,
    ungraded_gates,
    strength_score,
    weakest_gate_grade,
    has_legal_dissent,
    last_assessed_at,
    case when strength_score is not null then substr('ABCD', cast(letter_rank as integer) + 1, 1) end as best_grade,
    case
        when strength_score is not null and ungraded_gates is null then substr('ABCD', cast(letter_rank as integer) + 1, 1)
    end as strength_grade
from ranked
