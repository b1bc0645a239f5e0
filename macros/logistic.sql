{# The logistic function: log-odds to a number between 0 and 1. #}
{% macro logistic(log_odds) -%}
1 / (1 + exp(-({{ log_odds }})))
{%- endmacro %}
