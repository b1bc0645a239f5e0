{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['actor_id', 'event', 'other_actor_id']}
}) }}

select
    as_of_date,
    actor_id,
    event,
    other_actor_id
from {{ source('computed', 'actor_events') }}
where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
