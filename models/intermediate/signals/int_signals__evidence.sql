-- each signal's value weighed: a bounded log-likelihood ratio, and whether it could be computed
with

signal_values as (
{% for signal_id in signal_ids() %}
    select as_of_date, subject_type, subject_id, '{{ signal_id }}' as signal_id, cast(value as double) as value,
        cast(baseline as double) as baseline, cast(excess as double) as excess, cast(support as double) as support
    from {{ ref(signal_id) }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
    {{ 'union all' if not loop.last }}
{%- endfor %}

),

registry as (

    select * from {{ ref('signal_registry') }}
    where status in ('active', 'shadow')

),

judged as (

    select
        signal_values.*,
        registry.cap,
        registry.hypothesis_sign,
        case
            when signal_values.value is null or signal_values.excess is null then 'not_computable'
            when coalesce(signal_values.support, 0) < registry.minimum_support then 'partly'
            else 'computable'
        end as computability,
        registry.weight * (signal_values.excess - registry.threshold) as raw_evidence,
        registry.resale_weight * (signal_values.excess - registry.threshold) as raw_resale_evidence
    from signal_values
    inner join registry on signal_values.signal_id = registry.signal_id

),

weighed as {{ gathered() }} (

    select
        as_of_date,
        subject_type,
        subject_id,
        signal_id,
        computability,
        value,
        baseline,
        {{ as_decimal("case when computability = 'computable'
            then hypothesis_sign * least(cap, greatest(0, raw_evidence)) else 0
        end", 9, 4) }} as evidence,
        {{ as_decimal("case when computability = 'computable'
            then hypothesis_sign * least(cap, greatest(0, raw_resale_evidence)) else 0
        end", 9, 4) }} as resale_evidence
    from judged

)

select * from weighed
