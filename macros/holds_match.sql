{# Whether a text holds a match of a regular expression that RE2 and Java read alike; the pattern has no quote. #}
{% macro holds_match(text, pattern) -%}
{{ return(adapter.dispatch('holds_match', 'stillwatch')(text, pattern)) }}
{%- endmacro %}

{% macro default__holds_match(text, pattern) -%}
regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{# a backslash is itself only in a raw literal there #}
{% macro spark__holds_match(text, pattern) -%}
regexp_like({{ text }}, r'{{ pattern }}')
{%- endmacro %}
