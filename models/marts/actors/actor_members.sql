{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['actor_id', 'account_id']}
}) }}

select
    as_of_date,
    actor_id,
    account_id,
    joined_on,
    membership_strength,
    link_kind_count,
    nonbehavioural_kind_count,
    basis
from {{ source('computed', 'actor_members') }}
where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
