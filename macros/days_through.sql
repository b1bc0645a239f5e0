{# The dates from a first to a last one, both included, as a relation: `generated.day`, a date or a midnight. #}
{% macro days_through(first, last) -%}
{{ return(adapter.dispatch('days_through', 'stillwatch')(first, last)) }}
{%- endmacro %}

{% macro default__days_through(first, last) -%}
generate_series({{ first }}, {{ last }}, interval 1 day) as generated (day)
{%- endmacro %}

{# a sequence that would run backwards is an error there, and no day here #}
{% macro spark__days_through(first, last) -%}
(
    select day
    from (select explode(sequence({{ first }}, greatest({{ first }}, {{ last }}), interval 1 day)) as day) as counted
    where day <= {{ last }}
) as generated
{%- endmacro %}
