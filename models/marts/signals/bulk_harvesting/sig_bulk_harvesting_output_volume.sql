{{ config(materialized='view') }}

{{ against_peers(
    'output_tokens_28d',
    quiet_if="end_user_request_count_28d >= 0.8 * request_count_28d and quiet_hours_share_28d <= 0.25"
) }}
