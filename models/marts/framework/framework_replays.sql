{{ config(meta={'published': {'as_of_column': none, 'order_by': ['case_id', 'framework_version']}}) }}

with

facts as (

    select * from {{ ref('int_enforcement__case_facts') }}

),

case_versions as (

    select * from {{ ref('int_enforcement__case_versions') }}

),

versions as (

    select * from {{ ref('framework_calendar') }}

),

grades as (

    select * from {{ ref('int_enforcement__case_grades') }}

),

clauses as (

    select * from {{ ref('policy_clauses') }}

),

elements as (

    select * from {{ ref('policy_clause_elements') }}

),

paths as (

    select * from {{ ref('escalation_paths') }}

),

case_families as (

    select distinct case_id, family from {{ ref('int_enforcement__case_evidence') }}

),

-- the case's own day, moved into the days on which the version holds
replayed as (

    select
        facts.case_id,
        facts.likely_clause_id as policy_clause_id,
        facts.account_count,
        versions.framework_version,
        versions.framework_version = case_versions.framework_version as is_own_version,
        greatest(
            versions.valid_from, least(case_versions.judged_on, coalesce(versions.valid_to - 1, case_versions.judged_on))
        ) as replayed_on
    from facts
    inner join case_versions on facts.case_id = case_versions.case_id
    cross join versions
    where facts.likely_clause_id is not null or facts.last_assessed_at is not null

),

clause_states as (

    select
        replayed.*,
        clauses.clause_version,
        clauses.kind as clause_kind
    from replayed
    left join clauses
        on replayed.policy_clause_id = clauses.policy_clause_id
        and replayed.replayed_on >= clauses.valid_from
        and (clauses.valid_to is null or replayed.replayed_on < clauses.valid_to)

),

-- an element that no signal family can show is a person's to show, and no replay takes it away
element_states as (

    select
        clause_states.case_id,
        clause_states.framework_version,
        elements.element_id,
        elements.evidence_families is null or bool_or(case_families.family is not null) as is_shown
    from clause_states
    inner join elements
        on clause_states.policy_clause_id = elements.policy_clause_id
        and clause_states.clause_version = elements.clause_version
    left join case_families
        on clause_states.case_id = case_families.case_id
        and {{ is_listed('case_families.family', 'elements.evidence_families') }}
    group by clause_states.case_id, clause_states.framework_version, elements.element_id, elements.evidence_families

),

element_lists as (

    select
        case_id,
        framework_version,
        {{ joined_text('element_id', ',', 'element_id') }} as element_ids,
        {{ joined_text('case when not is_shown then element_id end', ',', 'element_id') }} as unshown_element_ids
    from element_states
    group by case_id, framework_version

),

path_channels as (

    select distinct
        clause_states.case_id,
        clause_states.framework_version,
        paths.channel
    from clause_states
    inner join grades
        on clause_states.case_id = grades.case_id
        and clause_states.framework_version = grades.framework_version
    inner join paths
        on clause_states.framework_version = paths.framework_version
        and clause_states.clause_kind = paths.clause_kind
        and grades.best_grade <= paths.minimum_grade
        and clause_states.account_count >= paths.minimum_account_count

),

channel_lists as (

    select
        case_id,
        framework_version,
        {{ joined_text('channel', ',', 'channel') }} as required_channels
    from path_channels
    group by case_id, framework_version

),

used as (

    select distinct case_id, channel from {{ ref('escalations') }}
    union
    select distinct case_id, 'partner' as channel from {{ ref('referrals') }}

),

used_lists as (

    select case_id, {{ joined_text('channel', ',', 'channel') }} as used_channels
    from used
    group by case_id

)

select
    clause_states.case_id,
    clause_states.framework_version,
    clause_states.is_own_version,
    clause_states.policy_clause_id,
    clause_states.clause_version,
    element_lists.element_ids,
    element_lists.unshown_element_ids,
    grades.strength_score,
    grades.strength_grade,
    grades.best_grade,
    grades.ungraded_lines,
    grades.ungraded_gates,
    coalesce(grades.carried_line_count, 0) as carried_line_count,
    coalesce(grades.unknown_line_count, 0) as unknown_line_count,
    channel_lists.required_channels,
    used_lists.used_channels
from clause_states
left join element_lists
    on clause_states.case_id = element_lists.case_id
    and clause_states.framework_version = element_lists.framework_version
left join grades
    on clause_states.case_id = grades.case_id
    and clause_states.framework_version = grades.framework_version
left join channel_lists
    on clause_states.case_id = channel_lists.case_id
    and clause_states.framework_version = channel_lists.framework_version
left join used_lists on clause_states.case_id = used_lists.case_id
