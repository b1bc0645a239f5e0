{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 or is_served_product then 0
        when not is_one_hand then 0
        when mixture_share < 0.1 then 0
        when requests_per_active_account_day_28d > 300 then 0
        when mixture_share is not null then ln(greatest(1, active_account_count))
    end
{% endset %}

{{ actor_signal(
    value="active_account_count",
    excess=excess
) }}
