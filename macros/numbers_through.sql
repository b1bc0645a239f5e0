{# The whole numbers from a first to a last one, both included, as a relation: `generated.number`. #}
{% macro numbers_through(first, last) -%}
{{ return(adapter.dispatch('numbers_through', 'stillwatch')(first, last)) }}
{%- endmacro %}

{% macro default__numbers_through(first, last) -%}
generate_series({{ first }}, {{ last }}) as generated (number)
{%- endmacro %}

{% macro spark__numbers_through(first, last) -%}
(select explode(sequence({{ first }}, {{ last }})) as number) as generated
{%- endmacro %}
