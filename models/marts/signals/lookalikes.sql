{{ config(meta={'published': {'as_of_column': none, 'order_by': ['lookalike_id']}}) }}

select
    lookalike_id,
    title,
    ruled_out_by,
    entered_on
from {{ ref('lookalike_settings') }}
