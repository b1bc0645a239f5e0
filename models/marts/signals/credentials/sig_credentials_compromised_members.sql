{{ config(materialized='view') }}

{{ actor_signal(
    value="compromised_account_count / cast(nullif(active_account_count, 0) as double)",
    excess="compromised_account_count / cast(nullif(active_account_count, 0) as double)",
    support="active_account_count"
) }}
