{{ config(materialized='view') }}

{% set excess %}
    case
        when prepaid_charge_share >= 0.5 then ln(greatest(1, accounts_per_fingerprint))
        when prepaid_charge_share < 0.5 then 0
    end
{% endset %}

{{ account_signal(
    value="accounts_per_fingerprint",
    excess=excess,
    support="charge_count"
) }}
