{# A signal's sentence with its numbers put in: shares as percent, the rest with at most two decimals. #}
{% macro reason_text(sentence, unit, value, baseline) -%}
replace(replace({{ sentence }}, '{value}', {{ plain_number(unit, value) }}), '{baseline}', {{ plain_number(unit, baseline) }})
{%- endmacro %}

{% macro plain_number(unit, number) -%}
case
    when {{ number }} is null then 'not known'
    when {{ unit }} = 'share' then cast(cast(round(100 * {{ number }}) as integer) as {{ dbt.type_string() }}) || ' %'
    when abs({{ number }}) >= 100 then {{ thousands(number) }}
    else trim(trailing '.' from trim(trailing '0' from cast({{ as_decimal(number, 18, 2) }} as {{ dbt.type_string() }})))
end
{%- endmacro %}

{# A whole number with commas between thousands. #}
{% macro thousands(number) -%}
{{ return(adapter.dispatch('thousands', 'stillwatch')(number)) }}
{%- endmacro %}

{% macro default__thousands(number) -%}
format('{:,}', cast(round({{ number }}) as bigint))
{%- endmacro %}

{% macro spark__thousands(number) -%}
format_number(cast(round({{ number }}) as bigint), 0)
{%- endmacro %}
