{{ config(materialized='view') }}

{{ account_signal(
    value="unsupported_region_share_28d",
    excess="unsupported_region_share_28d"
) }}
