{# A group's values as one vector of `length` single-precision numbers, in the order of a column that counts through them. #}
{% macro vector_of(value, position, length) -%}
cast(list({{ value }} order by {{ position }}) as float[{{ length }}])
{%- endmacro %}
