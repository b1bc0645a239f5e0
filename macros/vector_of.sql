{# A group's values as one vector of `length` single-precision numbers, in the order of a column that counts through them. #}
{% macro vector_of(value, position, length) -%}
{{ return(adapter.dispatch('vector_of', 'stillwatch')(value, position, length)) }}
{%- endmacro %}

{% macro default__vector_of(value, position, length) -%}
cast(list({{ value }} order by {{ position }}) as float[{{ length }}])
{%- endmacro %}

{% macro spark__vector_of(value, position, length) -%}
transform(array_sort(collect_list(struct({{ position }} as place, {{ value }} as number))), one -> cast(one.number as float))
{%- endmacro %}
