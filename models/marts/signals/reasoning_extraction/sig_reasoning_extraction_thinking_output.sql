{{ config(materialized='view') }}

{{ against_peers(
    'reasoning_output_share_28d',
    counts_if="single_turn_share_28d >= 0.8"
) }}
