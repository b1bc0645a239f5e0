{{ config(materialized='view') }}

{{ against_peers(
    'grades_output_share_28d',
    support="grades_output_count_28d"
) }}
