{# Whether a number is infinite or not a number at all; NULL for NULL. #}
{% macro is_not_finite(column) -%}
not isfinite({{ column }})
{%- endmacro %}
