{{ config(materialized='view') }}

{{ against_peers(
    'rewrites_sensitive_share_28d',
    support="rewrites_sensitive_count_28d",
    quiet_if="approved_use in ('evaluation', 'research') and " ~ within_contract()
) }}
