{# The latest arrived state per key of a history relation, as a subquery; pass `as_of` to look back from a date. #}
{% macro latest_state(history, key, as_of=none) -%}
(
    select *
    from (
        select
            *,
            cast(row_number() over (partition by {{ key }} order by arrived_on desc) as bigint) as state_rank
        from {{ history }}
        where arrived_on <= {{ as_of or as_of_to() }}
    ) as ranked_states
    where state_rank = 1
)
{%- endmacro %}


{# The state per key of a history relation that had arrived by the end of each as-of date of the run, as a subquery. #}
{% macro states_as_of(history, key) -%}
(
    select *
    from (
        select
            as_of_dates.as_of_date,
            states.*,
            row_number() over (
                partition by as_of_dates.as_of_date, states.{{ key }} order by states.arrived_on desc
            ) as state_rank
        from {{ ref('int_calendar__as_of_dates') }} as as_of_dates
        inner join {{ history }} as states on states.arrived_on <= as_of_dates.as_of_date
    ) as ranked_states
    where state_rank = 1
)
{%- endmacro %}
