{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 or is_served_product then 0
        when not is_one_hand then 0
        else ln(greatest(1, campaign_request_count_28d / cast(1000 as double)))
    end
{% endset %}

{{ actor_signal(
    value="campaign_request_count_28d",
    excess=excess,
    support="active_account_count"
) }}
