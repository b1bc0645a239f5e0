{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 or is_served_product then 0
        when mixture_share >= 0.3 then surface_distinct_count_28d - 1
        when mixture_share < 0.3 then 0
    end
{% endset %}

{{ actor_signal(
    value="surface_distinct_count_28d",
    excess=excess
) }}
