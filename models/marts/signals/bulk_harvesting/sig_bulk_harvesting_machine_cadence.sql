{{ config(materialized='view') }}

{{ against_peers(
    'near_median_gap_share_28d',
    support="gap_count_28d",
    counts_if="single_turn_share_28d >= 0.8"
) }}
