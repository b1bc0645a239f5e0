{{ config(materialized='view') }}

{{ account_signal(
    value="case when approved_use is null then 0 else 1 end",
    excess="case when approved_use = 'reseller' and " ~ within_contract() ~ " then 1 else 0 end",
    support="1"
) }}
