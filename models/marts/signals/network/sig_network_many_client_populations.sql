{{ config(materialized='view') }}

{% set excess %}
    case
        when approved_use = 'reseller' and {{ within_contract() }} or (has_organization and kyc_status = 'verified') then 0
        when user_agent_distinct_count_28d >= 5 and country_distinct_count_28d >= 3 then ln(greatest(1, ip_prefix_distinct_count_28d))
        when user_agent_distinct_count_28d < 5 or country_distinct_count_28d < 3 then 0
    end
{% endset %}

{{ account_signal(
    value="ip_prefix_distinct_count_28d",
    excess=excess
) }}
