{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['lead_id']}
}) }}

select
    as_of_date,
    lead_id,
    subject_type,
    subject_id,
    priority,
    why,
    suggested_clause,
    due_at,
    severity,
    selection,
    stratum,
    selection_probability,
    external_lead_id,
    first_queued_on,
    evidence_signature,
    expected_harm
from {{ source('computed', 'review_queue') }}
where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
