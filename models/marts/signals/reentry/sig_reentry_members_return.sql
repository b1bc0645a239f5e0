{{ config(materialized='view') }}

{% set excess %}
    case
        when reentry_account_count >= 2 then reentry_account_count / cast(nullif(active_account_count, 0) as double)
        when reentry_account_count >= 0 then 0
    end
{% endset %}

{{ actor_signal(
    value="reentry_account_count",
    excess=excess,
    support="active_account_count"
) }}
