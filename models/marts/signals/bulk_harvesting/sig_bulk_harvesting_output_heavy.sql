{{ config(materialized='view') }}

{{ against_peers(
    'output_input_ratio_28d',
    counts_if="single_turn_share_28d >= 0.8"
) }}
