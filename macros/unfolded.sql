{#
  Several rows of each row of a relation: the `kept` columns beside the named ones, whose expressions `rows` lists, a list of
  SQL for each. Spark is told so in one statement over one read: of a long union it plans every branch by itself.
#}
{% macro unfolded(relation, kept, columns, rows) -%}
{{ return(adapter.dispatch('unfolded', 'stillwatch')(relation, kept, columns, rows)) }}
{%- endmacro %}

{% macro default__unfolded(relation, kept, columns, rows) -%}
{%- for row in rows %}
    select {{ kept | join(', ') }}
    {%- for expression in row %}, {{ expression }} as {{ columns[loop.index0] }}{% endfor %}
    from {{ relation }}
    {{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{% macro spark__unfolded(relation, kept, columns, rows) -%}
    select
        {{ kept | join(', ') }},
        stack(
            {{ rows | length }}
            {%- for row in rows %},
            {{ row | join(', ') }}
            {%- endfor %}
        ) as ({{ columns | join(', ') }})
    from {{ relation }}
{%- endmacro %}
