{# The sum of products of two vectors of equal length, added in their order, so that it comes out the same every time. #}
{% macro dot_product(one, other) -%}
cast(array_inner_product({{ one }}, {{ other }}) as double)
{%- endmacro %}
