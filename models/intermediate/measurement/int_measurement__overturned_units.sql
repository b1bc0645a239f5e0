{{ config(materialized='view') }}

-- a unit is overturned when no blocking action on it stands
select
    coalesce(actor_id, account_id) as unit_id,
    bool_and(is_overturned) as is_overturned
from {{ ref('actions') }}
where action_type in ('suspension', 'termination')
group by coalesce(actor_id, account_id)
