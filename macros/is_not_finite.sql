{# Whether a number is infinite or not a number at all; NULL for NULL. #}
{% macro is_not_finite(column) -%}
{{ return(adapter.dispatch('is_not_finite', 'stillwatch')(column)) }}
{%- endmacro %}

{% macro default__is_not_finite(column) -%}
not isfinite({{ column }})
{%- endmacro %}

{# what is not a number is greater than any there #}
{% macro spark__is_not_finite(column) -%}
abs({{ column }}) >= cast('Infinity' as double)
{%- endmacro %}
