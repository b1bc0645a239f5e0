{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 then 0
        else grades_output_share_28d
    end
{% endset %}

{{ actor_signal(
    value="grades_output_share_28d",
    excess=excess,
    support="grades_output_share_28d * request_count_28d"
) }}
