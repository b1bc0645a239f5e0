{#
  An actor signal's body: SQL expressions over int_actors__features for the value, the size of the deviation and what
  the value rests on. Ordinary explanations are in scope as columns:
  - `colleague_share`: members linked to another member by one organisation, over all members; colleagues are meant to
    share cards, networks and templates.
  - `contracted_share`: active members whose approved use covers what they do (`within_contract`), over
    active members.
  - `is_served_product`: most requests name an end user of the customer's own and the day has a rhythm; made-up end
    users on machine traffic lack the rhythm.
  - `is_one_hand`: a fifth of the members share a card, device, phone or sign-up network, or ten and more make nearly the
    same number of requests an active day (Gini 0.15: independent users, log-normal with a spread of no more than 0.5, stand at 0.28, and
    eighteen of them come down to 0.15 less than once in a hundred times): without either, a tool's users are as
    good an explanation of what they have in common.
  and `requests_per_member`: requests in 28 days per active member, and `load_evenness`: ln(0.5 / Gini), how far the members'
  load is from that of independent users; NULL for a single active member.
#}
{% macro actor_signal(value, excess, support='request_count_28d') %}
with

actor_features as (

    select * from {{ ref('int_actors__features') }}

),

explained as (

    select
        actor_features.*,
        actor_features.colleague_account_count / cast(actor_features.account_count as double) as colleague_share,
        actor_features.contracted_account_count / cast(nullif(actor_features.active_account_count, 0) as double)
            as contracted_share,
        coalesce(
            actor_features.end_user_request_count_28d >= 0.8 * actor_features.request_count_28d
            and actor_features.hour_evenness_28d < 0.97,
            false
        ) as is_served_product,
        coalesce(
            actor_features.identified_account_count >= 0.2 * actor_features.account_count
            or (actor_features.active_account_count >= 10 and actor_features.load_gini_28d <= 0.15),
            false
        ) as is_one_hand,
        actor_features.request_count_28d / cast(nullif(actor_features.active_account_count, 0) as double)
            as requests_per_member,
        -- Gini over n members is at most (n - 1) / n, so it is scaled up by n / (n - 1); independent users (log-normal) stand
        -- near 0.5
        case when actor_features.active_account_count > 1 then greatest(0, ln(0.5 / greatest(
            0.01,
            actor_features.load_gini_28d * actor_features.active_account_count / (actor_features.active_account_count - 1.0)
        ))) end as load_evenness
    from actor_features

)

select
    as_of_date,
    'actor' as subject_type,
    actor_id as subject_id,
    cast({{ value }} as double) as value,
    cast(null as double) as baseline,
    {{ rounded('cast(' ~ excess ~ ' as double)', 6) }} as excess,
    cast({{ support }} as double) as support
from explained
{% endmacro %}
