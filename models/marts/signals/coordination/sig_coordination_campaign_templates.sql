{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 or is_served_product then 0
        when not is_one_hand then 0
        when account_count >= 3 then mixture_share
        else 0
    end
{% endset %}

{{ actor_signal(
    value="mixture_share",
    excess=excess
) }}
