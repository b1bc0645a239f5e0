{{ config(materialized='view') }}

{% set excess %}
    -- days a topic would be met on, were its requests spread evenly over the active days (occupancy), over days it was met on
    case
        when topic_distinct_count_28d >= 5 and active_day_count_28d >= 7
            then greatest(0, ln(
                active_day_count_28d
                * (1 - power(1 - 1 / cast(active_day_count_28d as double), topic_request_count_28d / cast(topic_distinct_count_28d as double)))
                / days_per_topic_28d
            ))
        when topic_distinct_count_28d < 5 or active_day_count_28d < 7 then 0
    end
{% endset %}

{{ account_signal(
    value="days_per_topic_28d",
    excess=excess,
    support="topic_request_count_28d"
) }}
