{{ config(materialized='view') }}

{{ against_peers(
    'ip_prefixes_per_1000_requests_28d',
    support="ip_prefix_distinct_count_28d",
    counts_if="slot_filled_share_28d >= 0.5"
) }}
