{{ config(materialized='view') }}

{{ account_signal(
    value="indicator_confidence",
    excess="indicator_confidence",
    support="1"
) }}
