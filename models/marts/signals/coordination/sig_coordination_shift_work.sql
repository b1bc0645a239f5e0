{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 or is_served_product then 0
        when not is_one_hand then 0
        when active_account_count < 5 then 0
        when mixture_share < 0.1 then 0
        else hour_evenness_28d
    end
{% endset %}

{{ actor_signal(
    value="hour_evenness_28d",
    excess=excess
) }}
