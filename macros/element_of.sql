{# The element of a list at a place, an integer counted from 0. #}
{% macro element_of(list, place) -%}
{{ return(adapter.dispatch('element_of', 'stillwatch')(list, place)) }}
{%- endmacro %}

{% macro default__element_of(list, place) -%}
{{ list }}[1 + {{ place }}]
{%- endmacro %}

{% macro spark__element_of(list, place) -%}
{{ list }}[{{ place }}]
{%- endmacro %}
