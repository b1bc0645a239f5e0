{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 then 0
        when relieved_account_count <= 2 then 0
        else relieved_account_count / cast(account_count as double)
    end
{% endset %}

{{ actor_signal(
    value="relieved_account_count / cast(account_count as double)",
    excess=excess,
    support="account_count"
) }}
