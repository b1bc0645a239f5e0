{#
  The events that a landed row's states tell of, as a select: one row per row, event and time of event.
  `events` maps an event to the column that dates it and, where they are known, `by` (who, a hash) and `detail` (an
  expression in words). A time that a later state takes back keeps its row: `learned_on` is the arrival day that first told it,
  `withdrawn_on` that of the first state that no longer does.
#}
{% macro state_events(history, key, record_kind, events, case_id='case_id', account_id='null', surface='null', partner='null', release_id='null') %}
{%- for event, told in events.items() %}
select
    '{{ record_kind }}' as record_kind,
    {{ key }} as record_id,
    cast({{ case_id }} as {{ dbt.type_string() }}) as case_id,
    '{{ event }}' as event,
    {{ told.at }} as event_at,
    arrived_on,
    lead(arrived_on) over (partition by {{ key }} order by arrived_on) as next_arrived_on,
    cast({{ account_id }} as {{ dbt.type_string() }}) as account_id,
    cast({{ surface }} as {{ dbt.type_string() }}) as surface,
    cast({{ partner }} as {{ dbt.type_string() }}) as partner,
    cast({{ told.by or 'null' }} as bigint) as by_hash,
    cast({{ release_id }} as {{ dbt.type_string() }}) as release_id,
    cast({{ told.detail or 'null' }} as {{ dbt.type_string() }}) as event_detail
from {{ history }}
where arrived_on <= {{ as_of_to() }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}
