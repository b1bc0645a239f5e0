{{ config(materialized='view') }}

{{ against_peers(
    'topic_entropy_28d',
    support="topic_request_count_28d",
    counts_if="new_prompt_share_28d >= 0.9 and single_turn_share_28d >= 0.8",
    quiet_if="end_user_request_count_28d >= 0.8 * request_count_28d"
) }}
