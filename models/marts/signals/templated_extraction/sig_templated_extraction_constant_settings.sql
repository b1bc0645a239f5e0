{{ config(materialized='view') }}

{{ against_peers(
    'top_parameter_set_share_28d',
    counts_if="new_prompt_share_28d >= 0.9"
) }}
