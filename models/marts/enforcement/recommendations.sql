with

raised as (

    select * from {{ ref('int_recommendations__raised') }}

),

decided as (

    select * from {{ ref('int_recommendations__decided') }}

),

kinds as (

    select * from {{ ref('recommendation_kinds') }}

),

items as (

    select * from {{ ref('int_recommendations__items') }}

),

-- a decision outlives what raised it: adopted, the verdicts may raise it no more
joined as (

    select
        coalesce(raised.about, decided.about) as about,
        coalesce(raised.about_id, decided.about_id) as about_id,
        coalesce(raised.group_kind, decided.group_kind) as group_kind,
        coalesce(raised.group_value, decided.group_value) as group_value,
        coalesce(raised.recommendation, decided.recommendation) as recommendation,
        coalesce(raised.raised_in_version, decided.raised_in_version) as raised_in_version,
        coalesce(raised.evidence, 'decided; the present verdicts and appeals do not raise it') as evidence,
        coalesce(decided.decision, 'open') as state,
        decided.decided_on,
        decided.decided_by,
        decided.reason as decision_reason,
        decided.adopted_in_kind,
        decided.adopted_in,
        decided.adopted_from
    from raised
    full outer join decided
        on raised.about = decided.about
        and raised.about_id = decided.about_id
        and raised.group_kind = decided.group_kind
        and raised.group_value = decided.group_value
        and raised.recommendation = decided.recommendation
        and raised.raised_in_version is not distinct from decided.raised_in_version

),

owned as (

    select
        {{ digest_id('recommendation_', ['joined.about', 'joined.about_id', 'joined.group_kind', 'joined.group_value', 'joined.recommendation', "coalesce(cast(joined.raised_in_version as " ~ dbt.type_string() ~ "), '')"]) }}
            as recommendation_id,
        joined.*,
        kinds.owner,
        kinds.measure
    from joined
    inner join kinds on joined.recommendation = kinds.recommendation

),

-- before: what happened until the adopting version was in use, everything while nothing was adopted
effects as (

    select
        owned.recommendation_id,
        cast({{ count_where('items.happened_on < coalesce(owned.adopted_from, ' ~ as_of_to() ~ ' + 1)') }} as bigint) as before_n,
        cast({{ count_where('items.happened_on < coalesce(owned.adopted_from, ' ~ as_of_to() ~ ' + 1) and items.is_counted') }} as bigint) as before_count,
        cast({{ count_where('items.happened_on >= owned.adopted_from') }} as bigint) as after_n,
        cast({{ count_where('items.happened_on >= owned.adopted_from and items.is_counted') }} as bigint) as after_count
    from owned
    inner join items
        on owned.about = items.about
        and owned.about_id = items.about_id
        and owned.group_kind = items.group_kind
        and owned.group_value = items.group_value
        and owned.measure = items.measure
    where owned.state = 'adopted'
        or owned.raised_in_version is null
        or items.signal_version = owned.raised_in_version
    group by owned.recommendation_id

),

-- a share of too few is not shown
shown as (

    select
        owned.*,
        coalesce(effects.before_n, 0) as effect_before_n,
        case when effects.before_n >= {{ var('minimum_reviews') }} then effects.before_count end as before_count,
        case when effects.before_n >= {{ var('minimum_reviews') }} then effects.before_n end as before_n,
        case when owned.state = 'adopted' then coalesce(effects.after_n, 0) end as effect_after_n,
        case when owned.state = 'adopted' and effects.after_n >= {{ var('minimum_reviews') }} then effects.after_count end as after_count,
        case when owned.state = 'adopted' and effects.after_n >= {{ var('minimum_reviews') }} then effects.after_n end as after_n
    from owned
    left join effects on owned.recommendation_id = effects.recommendation_id

)

select
    recommendation_id,
    about,
    about_id,
    group_kind,
    group_value,
    recommendation,
    evidence,
    owner,
    state,
    raised_in_version,
    decided_on,
    decided_by,
    decision_reason,
    adopted_in_kind,
    adopted_in,
    adopted_from,
    measure,
    effect_before_n,
    {{ rounded('before_count / cast(before_n as double)', 4) }} as effect_before,
    {{ rounded(wilson_interval('before_count', 'before_n', 'lower'), 4) }} as effect_before_lower,
    {{ rounded(wilson_interval('before_count', 'before_n', 'upper'), 4) }} as effect_before_upper,
    effect_after_n,
    {{ rounded('after_count / cast(after_n as double)', 4) }} as effect_after,
    {{ rounded(wilson_interval('after_count', 'after_n', 'lower'), 4) }} as effect_after_lower,
    {{ rounded(wilson_interval('after_count', 'after_n', 'upper'), 4) }} as effect_after_upper,
    case
        when state <> 'adopted' then 'none'
        when before_n is null or after_n is null then 'immature'
        else 'measured'
    end as effect_state
from shown
