{{ config(materialized='view') }}

{{ against_peers(
    'release_pivot_share_28d',
    support="pivot_request_count_28d",
    counts_if="new_prompt_share_28d >= 0.8"
) }}
