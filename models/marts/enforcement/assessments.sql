with

assessments_landed as (

    select * from {{ latest_state(ref('int_case_assessments__keep_states'), 'assessment_id') }} as latest_states

),

known_cases as (

    select distinct case_id from {{ ref('int_enforcement__case_leads') }}
    where is_landed and lead_id is not null

),

case_strength as (

    select * from {{ ref('int_enforcement__case_strength') }}

),

case_versions as (

    select * from {{ ref('int_enforcement__case_versions') }}

),

rubric as (

    select * from {{ ref('rubric_lines') }}

)

select
    assessments_landed.assessment_id,
    assessments_landed.case_id,
    assessments_landed.assessed_at,
    assessments_landed.assessor_role,
    assessments_landed.rubric_line,
    assessments_landed.grade,
    assessments_landed.dissent,
    assessments_landed.signer_hash,
    assessments_landed.rationale_ref,
    assessments_landed.arrived_on as state_arrived_on,
    known_cases.case_id is not null as is_known_case,
    case_strength.strength_grade,
    case_versions.rubric_version,
    rubric.rubric_line is not null as is_known_rubric_line
from assessments_landed
left join known_cases on assessments_landed.case_id = known_cases.case_id
left join case_strength on assessments_landed.case_id = case_strength.case_id
left join case_versions on assessments_landed.case_id = case_versions.case_id
left join rubric
    on case_versions.rubric_version = rubric.rubric_version
    and assessments_landed.rubric_line = rubric.rubric_line
