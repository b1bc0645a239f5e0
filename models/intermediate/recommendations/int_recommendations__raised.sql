{{ config(materialized='view') }}

with

signal_performance as (

    select * from {{ ref('signal_performance') }}

),

registry as (

    select * from {{ ref('signal_registry') }}

),

kinds as (

    select * from {{ ref('recommendation_kinds') }}

),

tactic_coverage as (

    select * from {{ ref('tactic_coverage') }}

),

rates as (

    select
        about,
        about_id,
        measure,
        count(*) as item_count,
        cast({{ count_where('is_counted') }} as bigint) as counted_count
    from {{ ref('int_recommendations__items') }}
    where about = 'clause'
    group by about, about_id, measure

),

signal_changes as (

    select
        'signal' as about,
        signal_performance.signal_id as about_id,
        signal_performance.group_kind,
        signal_performance.group_value,
        registry.signal_version as raised_in_version,
        signal_performance.recommended_change as recommendation,
        case signal_performance.recommended_change
            when 'retire: never fired'
                then 'computable on ' || cast(signal_performance.computable_night_count as {{ dbt.type_string() }})
                    || ' of the last {{ var("retire_after_nights") }} nights and fired on none'
            when 'retire in this group'
                then 'precision ' || {{ three_decimals('signal_performance.precision') }}
                    || ' (' || {{ three_decimals('signal_performance.precision_lower') }}
                    || ' to ' || {{ three_decimals('signal_performance.precision_upper') }} || ') over '
                    || cast(signal_performance.reviewed_count as {{ dbt.type_string() }})
                    || ' reviewed leads, ' || {{ three_decimals('signal_performance.other_precision') }}
                    || ' (weighted) where it did not fire; adjusted p ' || {{ three_decimals('signal_performance.group_p_value') }}
            else 'weight ' || {{ three_decimals('signal_performance.recommended_weight') }}
                || ' (' || {{ three_decimals('signal_performance.recommended_weight_lower') }}
                || ' to ' || {{ three_decimals('signal_performance.recommended_weight_upper') }} || ') instead of '
                || {{ three_decimals('signal_performance.present_weight') }} || '; precision '
                || {{ three_decimals('signal_performance.precision') }} || ' over '
                || cast(signal_performance.reviewed_count as {{ dbt.type_string() }}) || ' reviewed leads'
        end as evidence
    from signal_performance
    inner join registry on signal_performance.signal_id = registry.signal_id
    where signal_performance.recommended_change not like 'none%'

),

clause_changes as (

    select
        'clause' as about,
        rates.about_id,
        'all' as group_kind,
        'all' as group_value,
        cast(null as integer) as raised_in_version,
        kinds.recommendation,
        {{ share_evidence('rates.counted_count', 'rates.item_count') }}
        || case
            when rates.measure = 'insufficient_share' then ' verdicts found the evidence insufficient'
            when rates.measure = 'no_fit_share' then ' verdicts of violation named no clause'
            else ' decided appeals overturned the action, ground ' || split_part(rates.measure, '_', 2)
        end as evidence
    from rates
    inner join kinds on rates.measure = kinds.measure
    where rates.item_count >= {{ var('minimum_reviews') }}
        and {{ wilson_interval('rates.counted_count', 'rates.item_count', 'lower') }} > case
            when rates.measure = 'insufficient_share' then {{ var('clause_insufficient_share') }}
            when rates.measure = 'no_fit_share' then {{ var('clause_no_fit_share') }}
            else {{ var('clause_overturned_share') }}
        end

),

tactics as (

    select
        tactic,
        bool_or(is_registered) as is_registered,
        max(active_signal_count) as active_signal_count,
        max(named_in_verdict_count) as named_in_verdict_count,
        max(named_in_external_lead_count) as named_in_external_lead_count
    from tactic_coverage
    group by tactic

),

tactic_changes as (

    select
        'tactic' as about,
        tactic as about_id,
        'all' as group_kind,
        'all' as group_value,
        cast(null as integer) as raised_in_version,
        case when is_registered then 'add a signal' else 'enter the tactic in the registry' end as recommendation,
        case when is_registered then 'no active signal covers it' else 'not in the registry' end
        || '; verdicts that name it: ' || cast(named_in_verdict_count as {{ dbt.type_string() }})
        || ', external leads: ' || cast(named_in_external_lead_count as {{ dbt.type_string() }}) as evidence
    from tactics
    where active_signal_count = 0 or not is_registered

),

-- only where there was something to be caught: on a surface without violations nothing follows from silence
surface_changes as (

    select
        'tactic' as about,
        tactic as about_id,
        'surface' as group_kind,
        surface as group_value,
        cast(null as integer) as raised_in_version,
        'test the tactic on this surface' as recommendation,
        cast(surface_violation_count as {{ dbt.type_string() }}) || ' violations confirmed on the surface, none with a signal of the '
        || 'tactic; judged leads there on which one had fired: ' || cast(reviewed_count as {{ dbt.type_string() }}) as evidence
    from tactic_coverage
    where is_registered
        and active_signal_count > 0
        and confirmed_count = 0
        and surface_violation_count >= {{ var('minimum_surface_violations') }}

)

select * from signal_changes
union all
select * from clause_changes
union all
select * from tactic_changes
union all
select * from surface_changes
