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
    select as_of_date, true as is_behavioural, count(distinct account_key) as account_count
    from ({{ rows_in_window(ref('int_usage__account_days')) }}) as account_days
    group by as_of_date

),

rare_values as (

    select
        holders.as_of_date,
        holders.link_kind,
        holders.link_value,
        row_number() over (order by holders.as_of_date, holders.link_kind, holders.link_value) as value_key,
        population.account_count,
        count(*) as holder_count,
        cast(link_kinds.weight * ln(
            greatest(population.account_count, count(*)) / cast(count(*) as double)
        ) as decimal(9, 4)) as weight
    from holders
    inner join link_kinds on holders.link_kind = link_kinds.link_kind
    inner join population
        on holders.as_of_date = population.as_of_date and link_kinds.is_behavioural = population.is_behavioural
    group by
        holders.as_of_date, holders.link_kind, holders.link_value, link_kinds.weight, link_kinds.hub_floor,
        link_kinds.hub_share, link_kinds.hub_ceiling, population.account_count
    having count(*) between 2
        and greatest(link_kinds.hub_floor, least(link_kinds.hub_ceiling, link_kinds.hub_share * population.account_count))

)

-- places by a digest of the value and the public id: the same whatever the keys, another order for every value
select
    holders.as_of_date,
    holders.account_key,
    holders.link_kind,
    holders.link_value,
    rare_values.value_key,
    holders.first_seen_on,
    holders.last_seen_on,
    rare_values.account_count,
    rare_values.holder_count,
    rare_values.weight,
    row_number() over (
        partition by holders.as_of_date, holders.link_kind, holders.link_value
        order by md5(concat_ws('|', holders.link_value, account_keys.account_id)), account_keys.account_id
    ) - 1 as place
from holders
inner join rare_values
    on holders.as_of_date = rare_values.as_of_date
    and holders.link_kind = rare_values.link_kind
    and holders.link_value = rare_values.link_value
inner join account_keys on holders.account_key = account_keys.account_key
