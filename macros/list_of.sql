{# A list of SQL expressions, for `element_of` to choose from. #}
{% macro list_of(expressions) -%}
{{ return(adapter.dispatch('list_of', 'stillwatch')(expressions)) }}
{%- endmacro %}

{% macro default__list_of(expressions) -%}
[{{ expressions | join(', ') }}]
{%- endmacro %}

{% macro spark__list_of(expressions) -%}
array({{ expressions | join(', ') }})
{%- endmacro %}
