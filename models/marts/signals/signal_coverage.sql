{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['signal_id']}
}) }}

select
    as_of_date,
    signal_id,
    cast({{ count_where("computability = 'computable'") }} as bigint) as computable_count,
    cast({{ count_where("computability = 'partly'") }} as bigint) as partly_count,
    cast({{ count_where("computability = 'not_computable'") }} as bigint) as not_computable_count
from {{ ref('int_signals__judged') }}
where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
group by as_of_date, signal_id
