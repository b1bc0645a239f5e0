{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 or is_served_product then 0
        when active_account_count < 5 or requests_per_member < 20 then 0
        when prompt_disjointness_28d < 0.5 then 0
        else load_evenness * least(1.0, (active_account_count - 1) / cast(9 as double))
    end
{% endset %}

{{ actor_signal(
    value="load_gini_28d",
    excess=excess,
    support="active_account_count"
) }}
