{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

-- what later nights ask of a request: whether it was here before, when it was, and whether it came after an action
select
    request_key,
    account_key,
    activity_date,
    requested_at,
    api_key_id,
    surface,
    partner,
    http_status,
    input_tokens,
    output_tokens,
    fingerprint,
    arrived_on
from {{ ref('int_usage__requests') }}
where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
