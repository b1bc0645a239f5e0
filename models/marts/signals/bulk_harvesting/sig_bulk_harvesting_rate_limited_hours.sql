{{ config(materialized='view') }}

{{ against_peers(
    'limited_hour_share_28d',
    support="active_hour_count_28d",
    counts_if="active_day_count_28d >= 7"
) }}
