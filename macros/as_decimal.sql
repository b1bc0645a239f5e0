{# A double as a decimal of so many digits, `scale` of them after the point; a half of the product with 10 ** scale goes away from 0. #}
{% macro as_decimal(value, precision, scale) -%}
{{ return(adapter.dispatch('as_decimal', 'stillwatch')(value, precision, scale)) }}
{%- endmacro %}

{% macro default__as_decimal(value, precision, scale) -%}
cast({{ value }} as decimal({{ precision }}, {{ scale }}))
{%- endmacro %}

{# a cast rounds the number's shortest notation there #}
{% macro spark__as_decimal(value, precision, scale) -%}
cast(
    cast(round(cast({{ value }} as double) * {{ 10 ** scale }}) as bigint) * 0.{{ '0' * (scale - 1) }}1 as decimal({{ precision }}, {{ scale }})
)
{%- endmacro %}
