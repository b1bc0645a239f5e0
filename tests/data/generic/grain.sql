{#
  The grain of a model: no two rows share the key columns, and none of them is NULL.
  `dated_by` keeps the test on the run's own dates, so that a night does not read history.
#}
{% test grain(model, columns, dated_by=none) %}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
{%- if dated_by == 'as_of_date' %}
where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
{%- elif dated_by %}
where {{ dated_by }} >= {{ arrived_from() }} - {{ var('late_arrival_days') }}
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1
{%- for column in columns %} or {{ column }} is null{% endfor %}
{% endtest %}
