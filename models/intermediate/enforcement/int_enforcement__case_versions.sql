with

cases_named as (

    select distinct case_id from {{ ref('int_enforcement__case_leads') }}

),

versions as (

    select * from {{ ref('framework_calendar') }}

),

actions as (

    select
        case_id,
        min(decided_at) as decided_at,
        max(framework_version) as framework_version
    from {{ ref('int_enforcement__action_states') }}
    group by case_id

),

assessments as (

    select case_id, max(assessed_at) as assessed_at
    from {{ latest_state(ref('int_case_assessments__keep_states'), 'assessment_id') }} as latest_assessments
    group by case_id

),

verdicts as (

    select case_leads.case_id, max(verdicts.decided_at) as decided_at
    from {{ ref('int_enforcement__case_leads') }} as case_leads
    inner join {{ ref('int_review__verdicts') }} as verdicts on case_leads.lead_id = verdicts.lead_id
    group by case_leads.case_id

),

-- a case is judged on the day of its first decision, else of its newest assessment, else of its verdict, else today
judged as (

    select
        cases_named.case_id,
        actions.framework_version as stated_version,
        coalesce(
            cast(coalesce(actions.decided_at, assessments.assessed_at, verdicts.decided_at) as date), {{ as_of_to() }}
        ) as judged_on
    from cases_named
    left join actions on cases_named.case_id = actions.case_id
    left join assessments on cases_named.case_id = assessments.case_id
    left join verdicts on cases_named.case_id = verdicts.case_id

),

-- the version stated, where the framework knows it; else the one in force; before the first one, the first
ranked as (

    select
        judged.case_id,
        judged.judged_on,
        versions.framework_version,
        versions.rubric_version,
        row_number() over (
            partition by judged.case_id
            order by
                (cast(versions.framework_version as {{ dbt.type_string() }}) = judged.stated_version) desc nulls last,
                (versions.valid_from <= judged.judged_on) desc,
                case when versions.valid_from <= judged.judged_on then versions.framework_version end desc nulls last,
                versions.framework_version
        ) as version_rank
    from judged
    cross join versions

)

select
    case_id,
    judged_on,
    framework_version,
    rubric_version
from ranked
where version_rank = 1
