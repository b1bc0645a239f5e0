{# A text as an SQL literal. #}
{% macro text_literal(text) -%}
{{ return(adapter.dispatch('text_literal', 'stillwatch')(text)) }}
{%- endmacro %}

{% macro default__text_literal(text) -%}
'{{ text | replace("'", "''") }}'
{%- endmacro %}

{# two literals that touch are joined there, and a backslash takes the next character as it is #}
{% macro spark__text_literal(text) -%}
'{{ text | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}
