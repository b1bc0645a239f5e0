{{ config(materialized='view') }}

{% set excess %}
    -- Gini over n members is at most (n - 1) / n, so it is scaled up by n / (n - 1); independent users (log-normal) stand near 0.5
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 or is_served_product then 0
        when active_account_count < 5 or requests_per_member < 150 then 0
        else greatest(0, ln(0.5 / greatest(0.01, load_gini_28d * active_account_count / (active_account_count - 1.0))))
    end
{% endset %}

{{ actor_signal(
    value="load_gini_28d",
    excess=excess,
    support="active_account_count"
) }}
