{{ config(materialized='view') }}

{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 then 0
        when requests_per_member < 150 then 0
        else prepaid_account_count / cast(nullif(prepaid_covered_account_count, 0) as double)
    end
{% endset %}

{{ actor_signal(
    value="prepaid_account_count / cast(nullif(prepaid_covered_account_count, 0) as double)",
    excess=excess,
    support="prepaid_covered_account_count"
) }}
