{{ config(materialized='view') }}

{{ account_signal(
    value="signup_burst_count",
    excess="case when has_organization then 0 else ln(greatest(1, signup_burst_count)) end",
    support="signup_burst_count"
) }}
