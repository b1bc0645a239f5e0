{{ config(materialized='view') }}

{{ against_peers(
    'tool_request_share_28d',
    counts_if="single_turn_share_28d >= 0.8"
) }}
