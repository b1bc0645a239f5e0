{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 then 0
        when active_account_count < 3 or identified_account_count < 0.5 * account_count then 0
        when requests_per_active_account_day_28d < 10 then 0
        else load_evenness * (1 - coalesce(mixture_share, 0))
    end
{% endset %}

{{ actor_signal(
    value="load_gini_28d",
    excess=excess,
    support="active_account_count"
) }}
