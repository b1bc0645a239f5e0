{{ config(materialized='view') }}

-- whether each signal could be computed, and what its deviation weighs before the signal's cap
with

signal_values as (
{% for signal_id in signal_ids() %}
    select as_of_date, subject_type, subject_id, '{{ signal_id }}' as signal_id, cast(value as double) as value,
        cast(baseline as double) as baseline, cast(excess as double) as excess, cast(support as double) as support
    from {{ ref(signal_id) }}
    {{ 'union all' if not loop.last }}
{%- endfor %}

),

registry as (

    select * from {{ ref('signal_registry') }}
    where status in ('active', 'shadow')

)

select
    signal_values.as_of_date,
    signal_values.subject_type,
    signal_values.subject_id,
    signal_values.signal_id,
    signal_values.value,
    signal_values.baseline,
    case
        when signal_values.value is null or signal_values.excess is null then 'not_computable'
        when coalesce(signal_values.support, 0) < registry.minimum_support then 'partly'
        else 'computable'
    end as computability,
    registry.weight * (signal_values.excess - registry.threshold) as raw_evidence,
    registry.resale_weight * (signal_values.excess - registry.threshold) as raw_resale_evidence,
    registry.cap,
    registry.hypothesis_sign
from signal_values
inner join registry on signal_values.signal_id = registry.signal_id
