{{ config(materialized='view') }}

{% set excess %}
    case
        when is_enforced or signup_burst_count >= 3 then 0
        else ln(greatest(1, account_age_days / cast(180 as double)))
    end
{% endset %}

{{ account_signal(
    value="account_age_days",
    excess=excess,
    support="1"
) }}
