{{ config(materialized='view') }}

{{ against_peers(
    'hosting_share_28d',
    counts_if="quiet_hours_share_28d >= 0.2"
) }}
