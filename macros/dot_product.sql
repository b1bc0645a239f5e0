{# The sum of products of two vectors of equal length, single-precision and added in their order, so that it comes out the same every time. #}
{% macro dot_product(one, other) -%}
{{ return(adapter.dispatch('dot_product', 'stillwatch')(one, other)) }}
{%- endmacro %}

{% macro default__dot_product(one, other) -%}
cast(array_inner_product({{ one }}, {{ other }}) as double)
{%- endmacro %}

{# DuckDB's processor rounds once an element, after the product was added: a double holds the product whole #}
{% macro spark__dot_product(one, other) -%}
cast(aggregate(
    zip_with({{ one }}, {{ other }}, (left_number, right_number) -> cast(left_number as double) * right_number),
    cast(0 as float),
    (total, product) -> cast(total + product as float)
) as double)
{%- endmacro %}
