{{ config(materialized='view') }}

{% set excess %}
    case
        when coalesce(temperature_distinct_count_28d, 1) <= 2 then 1 - new_prompt_share_28d
        else 0
    end
{% endset %}

{{ account_signal(
    value="new_prompt_share_28d",
    excess=excess
) }}
