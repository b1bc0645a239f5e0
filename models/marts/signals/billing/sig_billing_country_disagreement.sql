{{ config(materialized='view') }}

{% set excess %}
    case
        when payment_method_country <> declared_country then undeclared_country_share_28d
        when payment_method_country = declared_country then 0
    end
{% endset %}

{{ account_signal(
    value="undeclared_country_share_28d",
    excess=excess
) }}
