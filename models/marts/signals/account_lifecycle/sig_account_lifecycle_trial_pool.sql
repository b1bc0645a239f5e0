{{ config(materialized='view') }}

{% set free_share = 'free_credit_account_count / cast(nullif(active_account_count, 0) as double)' %}
{% set excess %}
    case
        when colleague_share >= 0.5 or contracted_share >= 0.5 then 0
        when identified_account_count < 0.5 * account_count or {{ free_share }} < 0.5 then 0
        else ln(greatest(1, free_credit_account_count))
    end
{% endset %}

{{ actor_signal(
    value='free_credit_account_count',
    excess=excess,
    support='active_account_count'
) }}
