{{ config(materialized='view') }}

{% set excess %}
    case
        when new_prompt_share_28d >= 0.9 and single_turn_share_28d >= 0.9
            then ln(greatest(1, new_prompt_count_28d / cast(nullif(prompt_template_distinct_count_28d, 0) as double)))
        when new_prompt_share_28d < 0.9 or single_turn_share_28d < 0.9 then 0
    end
{% endset %}

{{ account_signal(
    value="new_prompt_count_28d / cast(nullif(prompt_template_distinct_count_28d, 0) as double)",
    excess=excess,
    support="new_prompt_count_28d"
) }}
