{{ config(materialized='view') }}

{% set excess %}
    case
        when compromised_key_count > 0 then ln(1 + coalesce(ip_prefix_distinct_count_28d, 0))
        when compromised_key_count = 0 then 0
    end
{% endset %}

{{ account_signal(
    value="compromised_key_count",
    excess=excess
) }}
