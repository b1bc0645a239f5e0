with

account_features as (

    select * from {{ ref('account_features') }}
    where as_of_date = {{ as_of_to() }}

),

members as (

    select * from {{ ref('actor_members') }}
    where as_of_date = {{ as_of_to() }}

),

{%- for attribute in ['declared_country', 'tier'] %}

actor_{{ attribute }} as (

    select actor_id, {{ attribute }}
    from (
        select
            members.actor_id,
            account_features.{{ attribute }},
            row_number() over (
                partition by members.actor_id order by count(*) desc, account_features.{{ attribute }}
            ) as share_rank
        from members
        inner join account_features on members.account_id = account_features.account_id
        group by members.actor_id, account_features.{{ attribute }}
    ) as ranked
    where share_rank = 1

),
{%- endfor %}

subjects as (

    select 'account' as subject_type, account_id as subject_id, declared_country as country, tier
    from account_features
    union all
    select 'actor' as subject_type, actor_tier.actor_id as subject_id, actor_declared_country.declared_country as country, actor_tier.tier
    from actor_tier
    inner join actor_declared_country on actor_tier.actor_id = actor_declared_country.actor_id

)

select subject_type, subject_id, 'all' as group_kind, 'all' as group_value from subjects
union all
select subject_type, subject_id, 'country' as group_kind, country as group_value from subjects
union all
select subject_type, subject_id, 'tier' as group_kind, tier as group_value from subjects
