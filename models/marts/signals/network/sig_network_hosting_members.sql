{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 or is_served_product then 0
        when hour_evenness_28d < 0.9 then 0
        else hosting_account_count / cast(nullif(hosting_covered_account_count, 0) as double)
    end
{% endset %}

{{ actor_signal(
    value="hosting_account_count / cast(nullif(hosting_covered_account_count, 0) as double)",
    excess=excess,
    support="hosting_covered_account_count"
) }}
