{# The sample standard deviation of an expression, from sums of decimals: a sum of doubles depends on the order of addition. #}
{% macro spread(expression) -%}
sqrt(greatest(0.0, (
    cast(sum({{ as_decimal('power(' ~ expression ~ ', 2)', 18, 8) }}) as double)
    - power(cast(sum({{ as_decimal(expression, 18, 8) }}) as double), 2) / count(*)
) / nullif(count(*) - 1, 0)))
{%- endmacro %}
