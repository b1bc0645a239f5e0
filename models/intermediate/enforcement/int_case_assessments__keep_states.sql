{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

{{ state_history('case_assessments', 'assessment_id') }}
