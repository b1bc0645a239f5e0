{{ config(materialized='view') }}

with

decisions as (

    select * from {{ ref('recommendation_decisions') }}

),

registry as (

    select * from {{ ref('signal_registry') }}

),

judged as (

    select
        subject_type,
        {{ count_where("verdict = 'violation'") }} / cast(count(*) as double) as precision
    from {{ ref('int_measurement__leads') }}
    where verdict in ('violation', 'benign')
    group by subject_type

),

by_version as (

    select
        signal_id,
        signal_version,
        count(*) as reviewed_count,
        {{ wilson_interval(count_where('is_violation'), 'count(*)', 'upper') }} as precision_upper
    from {{ ref('int_measurement__signal_verdicts') }}
    group by signal_id, signal_version

),

-- a version that the verdicts spoke against and that has been replaced without anybody's saying why
unexplained as (

    select
        'signal' as about,
        by_version.signal_id as about_id,
        'all' as group_kind,
        'all' as group_value,
        'lower the weight' as recommendation,
        by_version.signal_version as raised_in_version,
        'adopted' as decision,
        cast(null as date) as decided_on,
        'not stated' as decided_by,
        'signal' as adopted_in_kind,
        cast(registry.signal_version as {{ dbt.type_string() }}) as adopted_in,
        'The version changed without a decision.' as reason
    from by_version
    inner join registry
        on by_version.signal_id = registry.signal_id
        and by_version.signal_version < registry.signal_version
        and registry.hypothesis_sign > 0
    inner join judged on registry.subject_type = judged.subject_type
    left join decisions
        on decisions.about = 'signal'
        and by_version.signal_id = decisions.about_id
        and by_version.signal_version = decisions.raised_in_version
        and decisions.group_kind = 'all'
    where by_version.reviewed_count >= {{ var('minimum_reviews') }}
        and by_version.precision_upper < judged.precision
        and decisions.about_id is null

),

gathered as (

    select
        about,
        about_id,
        group_kind,
        group_value,
        recommendation,
        raised_in_version,
        decision,
        decided_on,
        decided_by,
        adopted_in_kind,
        adopted_in,
        reason
    from decisions
    union all
    select * from unexplained

),

-- the first night or day each version was in use; without one the effect has not begun
signal_versions as (

    select signal_id, signal_version, min(as_of_date) as used_from
    from {{ ref('signal_hits') }}
    group by signal_id, signal_version

),

rule_sets as (

    select ruleset_version, min(as_of_date) as used_from
    from {{ ref('scores') }}
    group by ruleset_version

),

frameworks as (

    select cast(framework_version as {{ dbt.type_string() }}) as framework_version, cast(min(decided_at) as date) as used_from
    from {{ ref('int_enforcement__action_states') }}
    where framework_version is not null
    group by framework_version

)

select
    gathered.about,
    gathered.about_id,
    gathered.group_kind,
    gathered.group_value,
    gathered.recommendation,
    gathered.raised_in_version,
    gathered.decision,
    gathered.decided_on,
    gathered.decided_by,
    gathered.adopted_in_kind,
    gathered.adopted_in,
    gathered.reason,
    case
        when gathered.decision <> 'adopted' then null
        when gathered.adopted_in_kind = 'signal' then signal_versions.used_from
        when gathered.adopted_in_kind = 'ruleset' then rule_sets.used_from
        when gathered.adopted_in_kind = 'framework' then frameworks.used_from
    end as adopted_from
from gathered
left join signal_versions
    on gathered.adopted_in_kind = 'signal'
    and gathered.about_id = signal_versions.signal_id
    and gathered.adopted_in = cast(signal_versions.signal_version as {{ dbt.type_string() }})
left join rule_sets
    on gathered.adopted_in_kind = 'ruleset'
    and gathered.adopted_in = cast(rule_sets.ruleset_version as {{ dbt.type_string() }})
left join frameworks
    on gathered.adopted_in_kind = 'framework'
    and gathered.adopted_in = frameworks.framework_version
