{#
  An account signal's body on a natural scale, without peers: SQL expressions over account_features for the value, the
  size of the deviation and what the value rests on.
#}
{% macro account_signal(value, excess, support='request_count_28d') %}
select
    as_of_date,
    'account' as subject_type,
    account_id as subject_id,
    cast({{ value }} as double) as value,
    cast(null as double) as baseline,
    {{ rounded('cast(' ~ excess ~ ' as double)', 6) }} as excess,
    cast({{ support }} as double) as support
from {{ ref('account_features') }}
{% endmacro %}
