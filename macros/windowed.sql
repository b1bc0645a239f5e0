{#
  Three columns of one measure over the trailing 1, 7 and 28 days of an as-of date: `<name>_1d`, `_7d`, `_28d`.
  The relation in scope has `as_of_date` and `activity_date`. NULL stays NULL where nothing was covered.
#}
{% macro windowed_sum(measure, name=none) -%}
{%- for days in [1, 7, 28] %}
    cast(sum(case when activity_date > as_of_date - {{ days }} then {{ measure }} end) as bigint) as {{ name or measure }}_{{ days }}d
    {{- ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{# `<name>_1d`, `_7d`, `_28d` as one windowed sum over another; NULL where the denominator is NULL or 0. #}
{% macro windowed_share(numerator, denominator, name) -%}
{%- for days in [1, 7, 28] %}
    {{ numerator }}_{{ days }}d / cast(nullif({{ denominator }}_{{ days }}d, 0) as double) as {{ name }}_{{ days }}d
    {{- ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{# The rows of a daily relation inside each as-of date's window that had arrived by its end, with `as_of_date` added. #}
{% macro rows_in_window(relation) -%}
    select
        as_of_dates.as_of_date,
        daily.*
    from {{ ref('int_calendar__as_of_dates') }} as as_of_dates
    inner join {{ relation }} as daily
        on daily.activity_date between as_of_dates.as_of_date - {{ var('window_days') - 1 }} and as_of_dates.as_of_date
        and daily.arrived_on <= as_of_dates.as_of_date
    where daily.activity_date > {{ as_of_from() }} - {{ var('window_days') }}
{%- endmacro %}
