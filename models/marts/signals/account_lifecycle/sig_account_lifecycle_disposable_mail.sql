{{ config(materialized='view') }}

{{ account_signal(
    value="cast(has_disposable_domain as integer)",
    excess="cast(has_disposable_domain as integer)",
    support="1"
) }}
