{{ config(materialized='view') }}

{% set pooled_share = 'pooled_end_user_request_count_28d / cast(nullif(request_count_28d, 0) as double)' %}
{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 then 0
        when active_account_count < 3 then 0
        else {{ pooled_share }}
    end
{% endset %}

{{ actor_signal(
    value=pooled_share,
    excess=excess
) }}
