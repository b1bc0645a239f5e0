{{ config(materialized='view') }}

{{ against_peers(
    'slot_filled_share_28d',
    support="slot_filled_request_count_28d",
    counts_if="output_tokens_per_request_28d >= 100"
) }}
