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

weights as (

    select * from {{ source('computed', 'signal_weights') }}

),

group_tests as (

    select * from {{ source('computed', 'signal_groups') }}

),

computable as (

    select signal_id, count(*) as computable_night_count
    from {{ ref('signal_coverage') }}
    where as_of_date > {{ as_of_to() }} - {{ var('retire_after_nights') }}
        and as_of_date <= {{ as_of_to() }}
        and computable_count + partly_count > 0
    group by signal_id

),

fired_nights as (

    select signal_id, count(distinct as_of_date) as fired_night_count
    from {{ ref('signal_hits') }}
    where as_of_date > {{ as_of_to() }} - {{ var('retire_after_nights') }} and as_of_date <= {{ as_of_to() }}
    group by signal_id

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
        cast({{ count_where("verdict = 'violation'") }} as bigint) as violation_count
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
        cast({{ count_where('signal_verdicts.is_violation') }} as bigint) as confirmed_count
    from signal_verdicts
    inner join registry
        on signal_verdicts.signal_id = registry.signal_id
        and signal_verdicts.signal_version = registry.signal_version
    inner join judged_groups on signal_verdicts.lead_id = judged_groups.lead_id
    group by signal_verdicts.signal_id, judged_groups.group_kind, judged_groups.group_value

),

-- every signal in every group its kind of subject is seen in, fired or not
grid as (

    select
        registry.signal_id,
        registry.subject_type,
        registry.status,
        registry.weight,
        groups_seen.group_kind,
        groups_seen.group_value
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
        grid.status,
        grid.weight,
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

-- a weight is for everyone; a group has its test instead
judged_by_verdicts as (

    select
        measured.*,
        weights.slope,
        weights.slope_lower,
        weights.slope_upper,
        weights.refusal,
        coalesce(weights.is_significant, false) as is_weight_significant,
        group_tests.other_precision,
        group_tests.adjusted_p_value as group_p_value,
        coalesce(group_tests.is_significant, false) as is_group_significant,
        case when measured.group_kind = 'all' then coalesce(computable.computable_night_count, 0) end as computable_night_count,
        case when measured.group_kind = 'all' then coalesce(fired_nights.fired_night_count, 0) end as fired_night_count
    from measured
    left join weights on measured.signal_id = weights.signal_id and measured.group_kind = 'all'
    left join group_tests
        on measured.signal_id = group_tests.signal_id
        and measured.group_kind = group_tests.group_kind
        and measured.group_value = group_tests.group_value
    left join computable on measured.signal_id = computable.signal_id
    left join fired_nights on measured.signal_id = fired_nights.signal_id

)

select
    judged_by_verdicts.signal_id,
    ruleset.ruleset_version,
    judged_by_verdicts.group_kind,
    judged_by_verdicts.group_value,
    judged_by_verdicts.fired_count,
    judged_by_verdicts.base_rate,
    judged_by_verdicts.reviewed_count,
    judged_by_verdicts.confirmed_count,
    {{ rounded('judged_by_verdicts.precision', 4) }} as precision,
    {{ rounded('judged_by_verdicts.precision_lower', 4) }} as precision_lower,
    {{ rounded('judged_by_verdicts.precision_upper', 4) }} as precision_upper,
    {{ rounded('judged_by_verdicts.precision / nullif(judged_by_verdicts.group_precision, 0)', 4) }} as lift,
    {{ rounded('judged_by_verdicts.other_precision', 4) }} as other_precision,
    {{ rounded('judged_by_verdicts.group_p_value', 6) }} as group_p_value,
    case when judged_by_verdicts.group_kind = 'all' then judged_by_verdicts.weight end as present_weight,
    case when judged_by_verdicts.slope is not null
        then {{ rounded('greatest(0, judged_by_verdicts.weight * judged_by_verdicts.slope)', 4) }}
    end as recommended_weight,
    case when judged_by_verdicts.slope is not null
        then {{ rounded('greatest(0, judged_by_verdicts.weight * judged_by_verdicts.slope_lower)', 4) }}
    end as recommended_weight_lower,
    case when judged_by_verdicts.slope is not null
        then {{ rounded('greatest(0, judged_by_verdicts.weight * judged_by_verdicts.slope_upper)', 4) }}
    end as recommended_weight_upper,
    judged_by_verdicts.refusal as weight_refusal,
    judged_by_verdicts.computable_night_count,
    judged_by_verdicts.fired_night_count,
    case
        when judged_by_verdicts.status = 'retired' then 'none: retired'
        when judged_by_verdicts.computable_night_count >= {{ var('retire_after_nights') }}
            and judged_by_verdicts.fired_night_count = 0 then 'retire: never fired'
        when judged_by_verdicts.is_group_significant then 'retire in this group'
        when judged_by_verdicts.group_p_value is not null then 'none'
        when judged_by_verdicts.slope is null then 'none: too little data'
        when judged_by_verdicts.is_weight_significant and judged_by_verdicts.slope_upper < 1 then 'lower the weight'
        when judged_by_verdicts.is_weight_significant and judged_by_verdicts.slope_lower > 1 then 'raise the weight'
        else 'none'
    end as recommended_change
from judged_by_verdicts
cross join ruleset
