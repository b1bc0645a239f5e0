{{ config(materialized='view') }}

{{ account_signal(
    value="case when kyc_status = 'verified' then 1 else 0 end",
    excess="case when kyc_status = 'verified' and has_organization then 1 else 0 end",
    support="1"
) }}
