{{ config(materialized='view') }}

{% set excess %}
    case
        when enforced_nonbehavioural_kind_count >= 1 then enforced_link_kind_count
        when enforced_nonbehavioural_kind_count = 0 then 0
    end
{% endset %}

{{ account_signal(
    value="enforced_link_kind_count",
    excess=excess,
    support="enforced_link_kind_count"
) }}
