{{ config(materialized='view') }}

{{ actor_signal(
    value="indicator_confidence",
    excess="indicator_confidence",
    support="active_account_count"
) }}
