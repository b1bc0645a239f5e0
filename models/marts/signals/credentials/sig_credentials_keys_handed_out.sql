{{ config(materialized='view') }}

{{ account_signal(
    value="api_key_count",
    excess="case when has_organization then 0 else ln(greatest(1, api_key_count)) end"
) }}
