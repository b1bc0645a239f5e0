{{ config(materialized='view') }}

{% set excess %}
    case
        when contracted_share >= 0.5 then 0
        else elicits_reasoning_share_28d
    end
{% endset %}

{{ actor_signal(
    value="elicits_reasoning_share_28d",
    excess=excess,
    support="elicits_reasoning_share_28d * request_count_28d"
) }}
