{{ config(materialized='view') }}

{{ against_peers(
    'multiple_choice_share_28d',
    counts_if="new_prompt_share_28d >= 0.8"
) }}
