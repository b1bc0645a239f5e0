-- who holds a value that neither stands alone nor is a hub; the fewer hold it, the more it says
with

holders as (

    select * from {{ ref('int_links__account_values') }}

),

link_kinds as (

    select * from {{ ref('link_kinds') }}

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

-- who never sends a request cannot hold what is sent with one
population as (

    select as_of_date, false as is_behavioural, count(*) as account_count
    from {{ ref('int_accounts__as_of') }}
    group by as_of_date
    union all
    select as_of_date, true as is_behavioural, count(*) as account_count
    from {{ ref('int_features__usage') }}
    group by as_of_date

),

kinds as (

    select
        population.as_of_date,
        population.account_count,
        link_kinds.link_kind,
        link_kinds.weight as kind_weight,
        greatest(
            link_kinds.hub_floor, least(link_kinds.hub_ceiling, link_kinds.hub_share * population.account_count)
        ) as most_holders
    from link_kinds
    inner join population on link_kinds.is_behavioural = population.is_behavioural

),

shared_values as (

    select as_of_date, link_kind, link_value, count(*) as holder_count
    from holders
    group by as_of_date, link_kind, link_value
    having count(*) >= 2

),

rare_values as (

    select
        shared_values.as_of_date,
        shared_values.link_kind,
        shared_values.link_value,
        cast(row_number() over (
            order by shared_values.as_of_date, shared_values.link_kind, shared_values.link_value
        ) as bigint) as value_key,
        kinds.account_count,
        shared_values.holder_count,
        {{ as_decimal(
            'kinds.kind_weight * ln(
            greatest(kinds.account_count, shared_values.holder_count) / cast(shared_values.holder_count as double)
        )', 9, 4) }} as weight
    from shared_values
    inner join kinds
        on shared_values.as_of_date = kinds.as_of_date and shared_values.link_kind = kinds.link_kind
    where shared_values.holder_count <= kinds.most_holders

),

held as (

    select
        holders.as_of_date,
        holders.account_key,
        holders.link_kind,
        holders.link_value,
        holders.link_text,
        rare_values.value_key,
        holders.first_seen_on,
        holders.last_seen_on,
        rare_values.account_count,
        rare_values.holder_count,
        rare_values.weight
    from holders
    inner join rare_values
        on holders.as_of_date = rare_values.as_of_date
        and holders.link_kind = rare_values.link_kind
        and holders.link_value = rare_values.link_value

),

-- places by a digest of the value and the public id: the same whatever the keys, another order for every value
placed as (

    select
        held.*,
        row_number() over (
            partition by held.value_key
            order by
                md5(concat_ws(
                    '|', coalesce(held.link_text, cast(held.link_value as {{ dbt.type_string() }})), account_keys.account_id
                )),
                account_keys.account_id
        ) - 1 as place
    from held
    inner join account_keys on held.account_key = account_keys.account_key
    where held.holder_count > {{ var('all_pairs_holders') }}

)

{%- set columns = [
    'as_of_date', 'account_key', 'link_kind', 'link_value', 'value_key', 'first_seen_on', 'last_seen_on', 'account_count',
    'holder_count', 'weight',
] | join(', ') %}

select {{ columns }}, place from placed
union all
select {{ columns }}, cast(null as bigint) as place from held where holder_count <= {{ var('all_pairs_holders') }}
