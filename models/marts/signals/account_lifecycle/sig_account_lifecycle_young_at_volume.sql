{{ config(materialized='view') }}

{{ against_peers(
    'request_count_28d',
    counts_if="account_age_days <= 14",
    quiet_if="has_organization"
) }}
