with

actions as (

    select * from {{ ref('actions') }}

),

reviews as (

    select * from {{ ref('reviews') }}

),

cases as (

    select * from {{ ref('cases') }}

),

assessments as (

    select * from {{ ref('assessments') }}

),

replays as (

    select * from {{ ref('framework_replays') }}
    where is_own_version

),

referrals as (

    select * from {{ ref('referrals') }}

),

channels as (

    select distinct channel from {{ ref('escalation_paths') }}

),

gathered as (

    select
        'sanction_without_verdict' as finding,
        case_id,
        'action' as record_kind,
        action_id as record_id,
        concat_ws(' ', action_type, 'decided; verdict before it:', coalesce(prior_verdict, 'none')) as detail
    from actions
    where lacks_prior_verdict

    union all

    select
        'unknown_clause' as finding,
        case_id,
        'action' as record_kind,
        action_id as record_id,
        policy_clause_id as detail
    from actions
    where not is_known_clause

    union all

    select
        'unknown_clause' as finding,
        cast(null as {{ dbt.type_string() }}) as case_id,
        'review' as record_kind,
        review_id as record_id,
        policy_clause_id as detail
    from reviews
    where not is_known_clause

    union all

    select
        'unknown_version' as finding,
        case_id,
        'action' as record_kind,
        action_id as record_id,
        concat_ws(' ', 'policy', policy_version, 'framework', framework_version) as detail
    from actions
    where not is_known_policy_version or not is_known_framework_version

    union all

    select
        'unknown_rubric_line' as finding,
        case_id,
        'assessment' as record_kind,
        assessment_id as record_id,
        rubric_line as detail
    from assessments
    where not is_known_rubric_line

    union all

    select
        'unknown_partner' as finding,
        case_id,
        'referral' as record_kind,
        referral_id as record_id,
        partner as detail
    from referrals
    where not is_known_partner

    union all

    select
        'channel_not_used' as finding,
        replays.case_id,
        'case' as record_kind,
        replays.case_id || '/' || channels.channel as record_id,
        channels.channel as detail
    from replays
    inner join channels on {{ is_listed('channels.channel', 'replays.required_channels') }}
    where not coalesce({{ is_listed('channels.channel', 'replays.used_channels') }}, false)

    union all

    select
        'departs_from_precedents' as finding,
        case_id,
        'case' as record_kind,
        case_id as record_id,
        concat_ws(' ', outcome, 'against', supporting_precedent_count, 'supporting precedents') as detail
    from cases
    where departs_from_precedents

)

select
    finding,
    case_id,
    record_kind,
    record_id,
    detail
from gathered
