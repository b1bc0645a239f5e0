{{ config(materialized='view') }}
{% set excess %}
    case
        when ordinary.centre >= 0.3 then 0
        when ordinary.centre < 0.3
            then actor_features.pivoting_account_count / cast(nullif(actor_features.pivot_covered_account_count, 0) as double)
    end
{% endset %}

with

actor_features as (

    select * from {{ ref('int_actors__features') }}

),

-- how much ordinary accounts moved: where everybody did, as by an alias, moving in step says nothing
ordinary as (

    select as_of_date, median(centre) as centre
    from {{ ref('int_signals__peer_baselines') }}
    where feature = 'release_pivot_share_28d'
    group by as_of_date

)

select
    actor_features.as_of_date,
    'actor' as subject_type,
    actor_features.actor_id as subject_id,
    actor_features.pivoting_account_count / cast(nullif(actor_features.pivot_covered_account_count, 0) as double) as value,
    {{ rounded('ordinary.centre', 6) }} as baseline,
    {{ rounded(excess, 6) }} as excess,
    cast(actor_features.pivot_covered_account_count as double) as support
from actor_features
left join ordinary on actor_features.as_of_date = ordinary.as_of_date
