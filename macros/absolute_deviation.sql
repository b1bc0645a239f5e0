{# The median of a group's absolute deviations from its median (MAD); NULL of none. #}
{% macro absolute_deviation(value) -%}
{{ return(adapter.dispatch('absolute_deviation', 'stillwatch')(value)) }}
{%- endmacro %}

{% macro default__absolute_deviation(value) -%}
mad({{ value }})
{%- endmacro %}

{# an aggregate holds no other there, so that both medians are taken of one sorted array #}
{% macro spark__absolute_deviation(value) -%}
transform(
    array(array_sort(collect_list({{ value }}))),
    sorted -> {{ middle_of('array_sort(transform(sorted, one -> abs(one - ' ~ middle_of('sorted') ~ ')))') }}
)[0]
{%- endmacro %}

{# The median of a sorted array. #}
{% macro middle_of(sorted) -%}
transform(
    array({{ sorted }}),
    ranked -> case when size(ranked) > 0
        then (ranked[(size(ranked) - 1) div 2] + ranked[size(ranked) div 2]) / cast(2 as double)
    end
)[0]
{%- endmacro %}
