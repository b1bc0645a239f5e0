{{ config(materialized='view') }}

{{ against_peers(
    'elicits_reasoning_share_28d',
    support="elicits_reasoning_count_28d"
) }}
