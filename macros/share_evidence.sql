{# A share in words with its Wilson 95 % interval: "6 of 20, 0.300 (0.145 to 0.519)". NULL where there was nothing to share. #}
{% macro share_evidence(counted, total) -%}
cast({{ counted }} as {{ dbt.type_string() }}) || ' of ' || cast({{ total }} as {{ dbt.type_string() }}) || ', '
|| {{ three_decimals(counted ~ ' / cast(nullif(' ~ total ~ ', 0) as double)') }}
|| ' (' || {{ three_decimals(wilson_interval(counted, total, 'lower')) }}
|| ' to ' || {{ three_decimals(wilson_interval(counted, total, 'upper')) }} || ')'
{%- endmacro %}

{# A number of any size in words, with three decimals. #}
{% macro three_decimals(number) -%}
cast({{ as_decimal(number, 18, 3) }} as {{ dbt.type_string() }})
{%- endmacro %}
