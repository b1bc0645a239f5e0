with

registry as (

    select * from {{ ref('signal_registry') }}

),

signal_verdicts as (

    select * from {{ ref('int_measurement__signal_verdicts') }}

),

signal_performance as (

    select * from {{ ref('signal_performance') }}

),

judged as (

    select
        subject_type,
        count(*) as judged_count,
        count_if(verdict = 'violation') / cast(count(*) as double) as precision
    from {{ ref('int_measurement__leads') }}
    where verdict in ('violation', 'benign')
    group by subject_type

),

clause_appeals as (

    select
        policy_clause_id,
        count(*) as decided_count,
        cast(count_if(outcome = 'overturned') as bigint) as overturned_count
    from {{ ref('appeals') }}
    where decided_at is not null and outcome is not null and policy_clause_id is not null
    group by policy_clause_id

),

tactic_coverage as (

    select
        tactic,
        max(active_signal_count) as active_signal_count
    from {{ ref('tactic_coverage') }}
    group by tactic

),

by_version as (

    select
        signal_verdicts.signal_id,
        signal_verdicts.signal_version,
        count(*) as reviewed_count,
        count_if(signal_verdicts.is_violation) / cast(count(*) as double) as precision,
        {{ wilson_interval('count_if(signal_verdicts.is_violation)', 'count(*)', 'upper') }} as precision_upper
    from signal_verdicts
    group by signal_verdicts.signal_id, signal_verdicts.signal_version

),

open_signal_changes as (

    select
        'signal' as about,
        signal_performance.signal_id as about_id,
        signal_performance.group_kind,
        signal_performance.group_value,
        registry.signal_version as raised_in_version,
        signal_performance.recommended_change as recommendation,
        'precision ' || cast(cast(signal_performance.precision as decimal(5, 3)) as {{ dbt.type_string() }})
            || ' (' || cast(cast(signal_performance.precision_lower as decimal(5, 3)) as {{ dbt.type_string() }})
            || ' to ' || cast(cast(signal_performance.precision_upper as decimal(5, 3)) as {{ dbt.type_string() }})
            || ') over ' || cast(signal_performance.reviewed_count as {{ dbt.type_string() }}) || ' reviewed leads' as evidence,
        'detection' as owner,
        'open' as state,
        cast(null as integer) as adopted_in_version,
        signal_performance.precision as effect_before,
        cast(null as double) as effect_after
    from signal_performance
    inner join registry on signal_performance.signal_id = registry.signal_id
    where signal_performance.recommended_change not like 'none%'

),

-- a version that the verdicts spoke against and that has been replaced: what it was worth before and after
adopted_signal_changes as (

    select
        'signal' as about,
        by_version.signal_id as about_id,
        'all' as group_kind,
        'all' as group_value,
        by_version.signal_version as raised_in_version,
        'lower the weight' as recommendation,
        'precision ' || cast(cast(by_version.precision as decimal(5, 3)) as {{ dbt.type_string() }})
            || ' over ' || cast(by_version.reviewed_count as {{ dbt.type_string() }}) || ' reviewed leads in version '
            || cast(by_version.signal_version as {{ dbt.type_string() }}) as evidence,
        'detection' as owner,
        'adopted' as state,
        registry.signal_version as adopted_in_version,
        by_version.precision as effect_before,
        after_change.precision as effect_after
    from by_version
    inner join registry
        on by_version.signal_id = registry.signal_id
        and by_version.signal_version < registry.signal_version
        and registry.hypothesis_sign > 0
    inner join judged on registry.subject_type = judged.subject_type
    left join by_version as after_change
        on registry.signal_id = after_change.signal_id
        and registry.signal_version = after_change.signal_version
    where by_version.reviewed_count >= {{ var('minimum_reviews', 20) }}
        and by_version.precision_upper < judged.precision

),

clause_changes as (

    select
        'clause' as about,
        policy_clause_id as about_id,
        'all' as group_kind,
        'all' as group_value,
        cast(null as integer) as raised_in_version,
        'clarify the clause or its guidance' as recommendation,
        cast(overturned_count as {{ dbt.type_string() }}) || ' of ' || cast(decided_count as {{ dbt.type_string() }})
            || ' decided appeals overturned the action' as evidence,
        'policy' as owner,
        'open' as state,
        cast(null as integer) as adopted_in_version,
        overturned_count / cast(decided_count as double) as effect_before,
        cast(null as double) as effect_after
    from clause_appeals
    where {{ wilson_interval('overturned_count', 'decided_count', 'lower') }} > 0.1

),

tactic_changes as (

    select
        'tactic' as about,
        tactic as about_id,
        'all' as group_kind,
        'all' as group_value,
        cast(null as integer) as raised_in_version,
        'add a signal' as recommendation,
        'no active signal covers this tactic' as evidence,
        'detection' as owner,
        'open' as state,
        cast(null as integer) as adopted_in_version,
        cast(null as double) as effect_before,
        cast(null as double) as effect_after
    from tactic_coverage
    where active_signal_count = 0

),

gathered as (

    select * from open_signal_changes
    union all
    select * from adopted_signal_changes
    union all
    select * from clause_changes
    union all
    select * from tactic_changes

)

select
    {{ digest_id('recommendation_', ['about', 'about_id', 'group_kind', 'group_value', 'recommendation', "coalesce(cast(raised_in_version as varchar), '')"]) }}
        as recommendation_id,
    about,
    about_id,
    group_kind,
    group_value,
    recommendation,
    evidence,
    owner,
    state,
    raised_in_version,
    adopted_in_version,
    effect_before,
    effect_after
from gathered
