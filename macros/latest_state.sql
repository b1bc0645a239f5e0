{# The latest arrived state per key of a history relation, as a subquery; pass `as_of` to look back from a date. #}
{% macro latest_state(history, key, as_of=none) -%}
(
    select *
    from (
        select
            *,
            row_number() over (partition by {{ key }} order by arrived_on desc) as state_rank
        from {{ history }}
        where arrived_on <= {{ as_of or as_of_to() }}
    ) as ranked_states
    where state_rank = 1
)
{%- endmacro %}
