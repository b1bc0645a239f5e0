{{ config(materialized='view') }}

{% set excess %}
    case
        when single_turn_share_28d <= 0.6 then 1 - 3 * quiet_hours_share_28d
        when single_turn_share_28d > 0.6 then 0
    end
{% endset %}

{{ account_signal(
    value="quiet_hours_share_28d",
    excess=excess,
    support="active_day_count_28d"
) }}
