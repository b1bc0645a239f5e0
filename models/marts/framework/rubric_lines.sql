{{ config(meta={'published': {'as_of_column': none, 'order_by': ['rubric_version', 'rubric_line']}}) }}

with

lines as (

    select * from {{ ref('rubric_line_versions') }}

),

-- a rubric holds as long as the frameworks that grade by it
validity as (

    select
        rubric_version,
        min(valid_from) as valid_from,
        case when count(valid_to) = count(*) then max(valid_to) end as valid_to
    from {{ ref('framework_versions') }}
    group by rubric_version

)

select
    lines.rubric_version,
    lines.rubric_line,
    lines.weight,
    lines.is_gate,
    lines.gate_minimum,
    lines.question,
    lines.grade_0,
    lines.grade_1,
    lines.grade_2,
    lines.grade_3,
    lines.grade_4,
    lines.assessor_role,
    lines.carried_from,
    validity.valid_from,
    validity.valid_to
from lines
inner join validity on lines.rubric_version = validity.rubric_version
