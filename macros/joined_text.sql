{#
  A group's texts joined in the order of a column, `separator` (plain characters) between them; NULL where there is none. With
  `distinct` each text once, ordered by itself.
#}
{% macro joined_text(value, separator, order_by, distinct=false) -%}
{{ return(adapter.dispatch('joined_text', 'stillwatch')(value, separator, order_by, distinct)) }}
{%- endmacro %}

{% macro default__joined_text(value, separator, order_by, distinct) -%}
{{ dbt.listagg(('distinct ' if distinct else '') ~ value, text_literal(separator), 'order by ' ~ order_by) }}
{%- endmacro %}

{# what is collected has no order of its own there #}
{% macro spark__joined_text(value, separator, order_by, distinct) -%}
case when count({{ value }}) > 0 then array_join(
    {%- if distinct %}
    array_sort(collect_set({{ value }}))
    {%- else %}
    transform(
        array_sort(collect_list(case when {{ value }} is not null
            then struct(({{ order_by }}) is null as is_last, {{ order_by }} as place, {{ value }} as told) end)),
        one -> one.told
    )
    {%- endif %},
    {{ text_literal(separator) }}
) end
{%- endmacro %}
