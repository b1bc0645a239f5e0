{{ config(materialized='view') }}

{% set excess %}
    case
        when free_credit_amount > 0 and consumed_amount >= 0.9 * free_credit_amount
            then ln(greatest(1, coalesce(accounts_per_fingerprint, 0), coalesce(signup_burst_count, 0)))
        when free_credit_amount >= 0 then 0
    end
{% endset %}

{{ account_signal(
    value="greatest(coalesce(accounts_per_fingerprint, 0), coalesce(signup_burst_count, 0))",
    excess=excess,
    support="1"
) }}
