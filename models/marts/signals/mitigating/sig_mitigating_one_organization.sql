{{ config(materialized='view') }}

{{ actor_signal(
    value="colleague_share",
    excess="colleague_share",
    support="account_count"
) }}
