{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date',
    'published': {'as_of_column': 'as_of_date', 'order_by': ['account_id_a', 'account_id_b', 'link_kind']}
}) }}

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

population as (

    select as_of_date, count(*) as account_count
    from {{ ref('int_accounts__as_of') }}
    group by as_of_date

),

-- a value held by too many is a hub and links nobody; the fewer hold a value, the more it says
rare_values as (

    select
        holders.as_of_date,
        holders.link_kind,
        holders.link_value,
        link_kinds.is_behavioural,
        cast(link_kinds.weight * ln(
            greatest(population.account_count, count(*)) / cast(count(*) as double)
        ) as decimal(9, 4)) as weight
    from holders
    inner join link_kinds on holders.link_kind = link_kinds.link_kind
    inner join population on holders.as_of_date = population.as_of_date
    group by
        holders.as_of_date, holders.link_kind, holders.link_value, link_kinds.is_behavioural,
        link_kinds.weight, link_kinds.hub_cap, population.account_count
    having count(*) between 2 and link_kinds.hub_cap

),

rare_holders as (

    select
        holders.*,
        rare_values.is_behavioural,
        rare_values.weight
    from holders
    inner join rare_values
        on holders.as_of_date = rare_values.as_of_date
        and holders.link_kind = rare_values.link_kind
        and holders.link_value = rare_values.link_value

),

pairs as (

    select
        one.as_of_date,
        one.account_key as account_key_a,
        other.account_key as account_key_b,
        one.link_kind,
        one.is_behavioural,
        max(one.weight) as weight,
        count(*) as shared_value_count,
        min(greatest(one.first_seen_on, other.first_seen_on)) as first_seen_on,
        max(greatest(one.last_seen_on, other.last_seen_on)) as last_seen_on
    from rare_holders as one
    inner join rare_holders as other
        on one.as_of_date = other.as_of_date
        and one.link_kind = other.link_kind
        and one.link_value = other.link_value
        and one.account_key < other.account_key
    group by one.as_of_date, one.account_key, other.account_key, one.link_kind, one.is_behavioural

),

with_ids as (

    select
        pairs.*,
        keys_a.account_id as id_a,
        keys_b.account_id as id_b
    from pairs
    inner join account_keys as keys_a on pairs.account_key_a = keys_a.account_key
    inner join account_keys as keys_b on pairs.account_key_b = keys_b.account_key

)

select
    as_of_date,
    least(id_a, id_b) as account_id_a,
    greatest(id_a, id_b) as account_id_b,
    link_kind,
    is_behavioural,
    weight,
    shared_value_count,
    first_seen_on,
    last_seen_on,
    case when id_a < id_b then account_key_a else account_key_b end as account_key_a,
    case when id_a < id_b then account_key_b else account_key_a end as account_key_b
from with_ids
