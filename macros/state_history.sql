{#
  Every accepted state of a landed row, one row per key and arrival day, for an append-only model.
  Within one arrival day the copies have no order, so the greatest content text is kept: the same whatever the file order.
#}
{% macro state_history(table_name, key) %}
{%- set columns = landed_columns(table_name) -%}
with

arrived as (

    select * from {{ ref('stg_provider__' ~ table_name) }}
    where fault is null
        and arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ key }}, arrived_on
            order by {{ content_text(columns) }} desc
        ) as copy_rank
    from arrived

)

select
{%- for column in columns %}
    {{ column }},
{%- endfor %}
    arrived_on
from ranked
where copy_rank = 1
{% endmacro %}


{# The contract's columns of a landing table, in its order, from the staging model's YAML; empty while parsing. #}
{% macro landed_columns(table_name) %}
{%- set names = [] -%}
{%- if execute -%}
{%- for column in graph.nodes['model.stillwatch.stg_provider__' ~ table_name].columns -%}
{%- if column not in ['arrived_on', 'source_file', 'source_row', 'fault'] -%}{%- do names.append(column) -%}{%- endif -%}
{%- endfor -%}
{%- endif -%}
{{ return(names) }}
{% endmacro %}


{# The text of a row's content: what decides between copies that nothing else orders. #}
{% macro content_text(columns) -%}
concat_ws(
    '|'
    {%- for column in columns %}
    , coalesce(cast({{ column }} as {{ dbt.type_string() }}), '<null>')
    {%- endfor %}
)
{%- endmacro %}
