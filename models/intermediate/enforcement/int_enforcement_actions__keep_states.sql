{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

{{ state_history('enforcement_actions', 'action_id') }}
