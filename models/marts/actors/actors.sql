{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['actor_id']}
}) }}

with

actor_features as (

    select * from {{ ref('int_actors__features') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

scores as (

    select as_of_date, subject_id, role from {{ ref('scores') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
        and subject_type = 'actor'

),

actionable as (

    select as_of_date, actor_id, cast({{ count_where("basis = 'act'") }} as bigint) as actionable_account_count
    from {{ ref('actor_members') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
    group by as_of_date, actor_id

)

select
    actor_features.as_of_date,
    actor_features.actor_id,
    actor_features.account_count,
    coalesce(actionable.actionable_account_count, 0) as actionable_account_count,
    actor_features.active_account_count,
    actor_features.mixture_share,
    scores.role,
    actor_features.request_count_28d,
    actor_features.output_tokens_28d,
    actor_features.requests_per_active_account_day_28d,
    actor_features.load_gini_28d,
    actor_features.hour_evenness_28d,
    actor_features.shared_template_share_28d,
    actor_features.prompt_disjointness_28d,
    actor_features.elicits_reasoning_share_28d,
    actor_features.grades_output_share_28d,
    actor_features.surface_distinct_count_28d,
    actor_features.enforced_account_count,
    actor_features.contracted_account_count,
    actor_features.link_kinds
from actor_features
left join scores
    on actor_features.as_of_date = scores.as_of_date and actor_features.actor_id = scores.subject_id
left join actionable
    on actor_features.as_of_date = actionable.as_of_date and actor_features.actor_id = actionable.actor_id
