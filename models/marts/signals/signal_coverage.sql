{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['signal_id']}
}) }}

select
    as_of_date,
    signal_id,
    count_if(computability = 'computable') as computable_count,
    count_if(computability = 'partly') as partly_count,
    count_if(computability = 'not_computable') as not_computable_count
from {{ ref('int_signals__evidence') }}
group by as_of_date, signal_id
