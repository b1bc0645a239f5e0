{# The sum of so many of a group's least values, whole numbers without a NULL; 0 of none. #}
{% macro sum_of_least(value, number) -%}
{{ return(adapter.dispatch('sum_of_least', 'stillwatch')(value, number)) }}
{%- endmacro %}

{% macro default__sum_of_least(value, number) -%}
coalesce(list_sum(list_slice(list_sort(list({{ value }})), 1, greatest(0, {{ number }}))), 0)
{%- endmacro %}

{% macro spark__sum_of_least(value, number) -%}
aggregate(
    slice(array_sort(collect_list({{ value }})), 1, cast(greatest(0, {{ number }}) as integer)),
    cast(0 as bigint),
    (total, one) -> total + one
)
{%- endmacro %}
