{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 then 0
        when prompt_disjointness_28d < 0.9 then 0
        else bursting_account_count / cast(nullif(active_account_count, 0) as double)
    end
{% endset %}

{{ actor_signal(
    value="bursting_account_count / cast(nullif(active_account_count, 0) as double)",
    excess=excess,
    support="active_account_count"
) }}
