{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 or is_served_product then 0
        when not is_one_hand then 0
        when mixture_share < 0.1 then 0
        else prompt_disjointness_28d
    end
{% endset %}

{{ actor_signal(
    value="prompt_disjointness_28d",
    excess=excess
) }}
