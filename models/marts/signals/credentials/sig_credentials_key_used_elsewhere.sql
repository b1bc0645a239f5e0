{{ config(materialized='view') }}

{% set unfamiliar_share = 'unfamiliar_request_count_7d / cast(nullif(placed_request_count_7d, 0) as double)' %}
{% set excess %}
    case
        when settled_day_count < 5 then null
        when familiar_request_count_7d = 0 or unfamiliar_network_count_7d < 3 then 0
        else {{ unfamiliar_share }}
    end
{% endset %}

{{ account_signal(
    value=unfamiliar_share,
    excess=excess,
    support='placed_request_count_7d'
) }}
