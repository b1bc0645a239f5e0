{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

{{ state_history('external_leads', 'external_lead_id') }}
