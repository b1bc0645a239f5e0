{# The number with one bit set, for sets of small numbers: `bit_or` joins them and `bit_count` counts them. #}
{% macro bit_of(number) -%}
{{ return(adapter.dispatch('bit_of', 'stillwatch')(number)) }}
{%- endmacro %}

{% macro default__bit_of(number) -%}
(cast(1 as bigint) << cast({{ number }} as integer))
{%- endmacro %}

{% macro spark__bit_of(number) -%}
shiftleft(cast(1 as bigint), cast({{ number }} as integer))
{%- endmacro %}
