with

registry as (

    select * from {{ ref('signal_registry') }}

),

ruleset as (

    select max(ruleset_version) as ruleset_version from {{ ref('scores') }}
    where as_of_date = {{ as_of_to() }}

),

subject_groups as (

    select * from {{ ref('int_measurement__subject_groups') }}

),

hits as (

    select * from {{ ref('signal_hits') }}
    where as_of_date = {{ as_of_to() }}

),

judged as (

    select * from {{ ref('int_measurement__leads') }}
    where verdict in ('violation', 'benign')

),

judged_groups as (

    select lead_id, subject_type, verdict, 'all' as group_kind, 'all' as group_value from judged
    union all
    select lead_id, subject_type, verdict, 'country' as group_kind, country as group_value from judged
    union all
    select lead_id, subject_type, verdict, 'tier' as group_kind, tier as group_value from judged

),

signal_verdicts as (

    select * from {{ ref('int_measurement__signal_verdicts') }}

),

group_sizes as (

    select subject_type, group_kind, group_value, count(*) as subject_count
    from subject_groups
    group by subject_type, group_kind, group_value

),

group_precision as (

    select
        subject_type,
        group_kind,
        group_value,
        count(*) as judged_count,
        cast(count_if(verdict = 'violation') as bigint) as violation_count
    from judged_groups
    group by subject_type, group_kind, group_value

),

-- an account signal's evidence also reaches actors, pooled: its rate is among accounts
fired as (

    select hits.signal_id, subject_groups.group_kind, subject_groups.group_value, count(*) as fired_count
    from hits
    inner join registry on hits.signal_id = registry.signal_id and hits.subject_type = registry.subject_type
    inner join subject_groups
        on hits.subject_type = subject_groups.subject_type
        and hits.subject_id = subject_groups.subject_id
    group by hits.signal_id, subject_groups.group_kind, subject_groups.group_value

),

reviewed as (

    select
        signal_verdicts.signal_id,
        judged_groups.group_kind,
        judged_groups.group_value,
        count(*) as reviewed_count,
        cast(count_if(signal_verdicts.is_violation) as bigint) as confirmed_count
    from signal_verdicts
    inner join registry
        on signal_verdicts.signal_id = registry.signal_id
        and signal_verdicts.signal_version = registry.signal_version
    inner join judged_groups on signal_verdicts.lead_id = judged_groups.lead_id
    group by signal_verdicts.signal_id, judged_groups.group_kind, judged_groups.group_value

),

-- every signal in every group its kind of subject is seen in, fired or not
grid as (

    select registry.signal_id, registry.subject_type, registry.hypothesis_sign, groups_seen.group_kind, groups_seen.group_value
    from registry
    inner join (
        select subject_type, group_kind, group_value from group_sizes
        union
        select subject_type, group_kind, group_value from group_precision
        union
        select registered.subject_type, 'all' as group_kind, 'all' as group_value from registry as registered
    ) as groups_seen on registry.subject_type = groups_seen.subject_type

),

measured as (

    select
        grid.signal_id,
        grid.hypothesis_sign,
        grid.group_kind,
        grid.group_value,
        coalesce(fired.fired_count, 0) as fired_count,
        coalesce(fired.fired_count, 0) / cast(nullif(group_sizes.subject_count, 0) as double) as base_rate,
        coalesce(reviewed.reviewed_count, 0) as reviewed_count,
        coalesce(reviewed.confirmed_count, 0) as confirmed_count,
        reviewed.confirmed_count / cast(nullif(reviewed.reviewed_count, 0) as double) as precision,
        {{ wilson_interval('reviewed.confirmed_count', 'reviewed.reviewed_count', 'lower') }} as precision_lower,
        {{ wilson_interval('reviewed.confirmed_count', 'reviewed.reviewed_count', 'upper') }} as precision_upper,
        group_precision.violation_count / cast(nullif(group_precision.judged_count, 0) as double) as group_precision
    from grid
    left join group_sizes
        on grid.subject_type = group_sizes.subject_type
        and grid.group_kind = group_sizes.group_kind
        and grid.group_value = group_sizes.group_value
    left join group_precision
        on grid.subject_type = group_precision.subject_type
        and grid.group_kind = group_precision.group_kind
        and grid.group_value = group_precision.group_value
    left join fired
        on grid.signal_id = fired.signal_id
        and grid.group_kind = fired.group_kind
        and grid.group_value = fired.group_value
    left join reviewed
        on grid.signal_id = reviewed.signal_id
        and grid.group_kind = reviewed.group_kind
        and grid.group_value = reviewed.group_value

),

-- a group is compared with the same signal over everyone
against_all as (

    select
        measured.*,
        overall.base_rate as overall_base_rate,
        overall.precision as overall_precision
    from measured
    inner join measured as overall
        on measured.signal_id = overall.signal_id
        and overall.group_kind = 'all'

)

select
    against_all.signal_id,
    ruleset.ruleset_version,
    against_all.group_kind,
    against_all.group_value,
    against_all.fired_count,
    against_all.base_rate,
    against_all.reviewed_count,
    against_all.confirmed_count,
    round(against_all.precision, 4) as precision,
    round(against_all.precision_lower, 4) as precision_lower,
    round(against_all.precision_upper, 4) as precision_upper,
    round(against_all.precision / nullif(against_all.group_precision, 0), 4) as lift,
    case
        when against_all.reviewed_count < {{ var('minimum_reviews', 20) }} then 'none: too few reviews'
        when against_all.group_kind <> 'all'
            and against_all.hypothesis_sign > 0
            and against_all.base_rate >= 2 * against_all.overall_base_rate
            and against_all.precision_upper < against_all.overall_precision then 'retire in this group'
        when against_all.group_kind <> 'all' then 'none'
        when against_all.hypothesis_sign > 0 and against_all.precision_upper < against_all.group_precision then 'lower the weight'
        when against_all.hypothesis_sign < 0 and against_all.precision_lower > against_all.group_precision then 'lower the weight'
        when against_all.hypothesis_sign > 0 and against_all.precision_lower > 1.5 * against_all.group_precision then 'raise the weight'
        when against_all.hypothesis_sign < 0 and against_all.precision_upper < 0.5 * against_all.group_precision then 'raise the weight'
        else 'none'
    end as recommended_change
from against_all
cross join ruleset
