{{ config(materialized='view') }}

{{ against_peers(
    'quiet_hours_share_28d',
    counts_if="active_day_count_28d >= 7",
    quiet_if="end_user_request_count_28d >= 0.8 * request_count_28d"
) }}
