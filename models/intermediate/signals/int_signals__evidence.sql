-- each signal's value weighed where it could be computed: a bounded log-likelihood ratio
with

judged as (

    select * from {{ ref('int_signals__judged') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
        and computability = 'computable'

),

weighed as {{ gathered() }} (

    select
        as_of_date,
        subject_type,
        subject_id,
        signal_id,
        value,
        baseline,
        {{ as_decimal('hypothesis_sign * least(cap, greatest(0, raw_evidence))', 9, 4) }} as evidence,
        {{ as_decimal('hypothesis_sign * least(cap, greatest(0, raw_resale_evidence))', 9, 4) }} as resale_evidence
    from judged

)

select * from weighed
