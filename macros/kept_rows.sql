{#
  The rows of a landing table that are kept, as a subquery: key, fingerprint, and the arrival days they stand for. An extract's
  row is kept until one that differs, a state for the day it arrived on; requests are int_usage__passed_over's business.
#}
{% macro kept_rows(table) %}
{%- set columns = landed_columns(table.name) -%}
(
        select
            {{ table.key }},
    {%- if table.name == 'accounts' %}
            fingerprint,
            arrived_on as kept_from,
            lead(arrived_on) over (partition by {{ table.key }} order by arrived_on) as kept_until
        from {{ ref('int_accounts__keep_changes') }}
    {%- else %}
            {{ row_fingerprint(columns) }} as fingerprint,
            arrived_on as kept_from,
            arrived_on + 1 as kept_until
        from {{ ref('int_' ~ table.name ~ '__keep_states') }}
        where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
    {%- endif %}
    )
{%- endmacro %}


{# The sound rows of a landing table in a run, joined as `sound` with the `kept` row of their key on their day. #}
{% macro sound_rows_with_kept(table) -%}
(
        select
            {{ table.key }},
            source_file,
            source_row,
            arrived_on,
            {{ row_fingerprint(landed_columns(table.name)) }} as fingerprint
        from {{ ref('stg_provider__' ~ table.name) }}
        where fault is null
            and arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
    ) as sound
    inner join {{ kept_rows(table) }} as kept
        on sound.{{ table.key }} = kept.{{ table.key }}
        and sound.arrived_on >= kept.kept_from
        and (kept.kept_until is null or sound.arrived_on < kept.kept_until)
{%- endmacro %}
