{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

{{ state_history('billing_credits', 'credit_id') }}
