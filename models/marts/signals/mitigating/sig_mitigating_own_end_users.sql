{{ config(materialized='view') }}

{% set excess %}
    case
        when quiet_hours_share_28d <= 0.25 then end_user_request_count_28d / cast(nullif(request_count_28d, 0) as double)
        when quiet_hours_share_28d > 0.25 then 0
    end
{% endset %}

{{ account_signal(
    value="end_user_request_count_28d / cast(nullif(request_count_28d, 0) as double)",
    excess=excess
) }}
