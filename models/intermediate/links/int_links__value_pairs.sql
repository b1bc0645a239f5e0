-- pairs that share values: all pairs of a value's few holders, and of many each with those 1, 2, 4, ... places on
with

-- one integer says who holds what
holders as (

    select
        *,
        {{ holding_key('account_key', 'value_key') }} as holding_key,
        count(*) over (partition by as_of_date, link_kind, account_key) as value_count
    from {{ ref('int_links__rare_holders') }}

),

-- a ring with steps of powers of two keeps any two holders within a logarithm of steps and has no bottleneck, so that
-- links grow as n log n and a group still holds together
steps as (

    {% for power in range(24) -%}
    select {{ 2 ** power }} as step {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- the place is worked out before the join, which else meets every holder of a value with every other
ahead as (

    select
        holders.as_of_date,
        holders.link_kind,
        holders.value_key,
        holders.account_key,
        holders.value_count,
        (holders.place + steps.step) % holders.holder_count as place
    from holders
    inner join steps on holders.holder_count > steps.step
    where holders.holder_count > {{ var('all_pairs_holders') }}

),

near as (

    select
        one.as_of_date,
        one.link_kind,
        one.account_key as key_one,
        one.value_count as value_count_one,
        other.account_key as key_other,
        other.value_count as value_count_other
    from holders as one
    inner join holders as other on one.value_key = other.value_key and one.place < other.place
    where one.holder_count <= {{ var('all_pairs_holders') }}

    union all

    select
        ahead.as_of_date,
        ahead.link_kind,
        ahead.account_key as key_one,
        ahead.value_count as value_count_one,
        holders.account_key as key_other,
        holders.value_count as value_count_other
    from ahead
    inner join holders on ahead.value_key = holders.value_key and ahead.place = holders.place

),

-- who holds fewer values first: what two have in common is looked for among those
pairs as (

    select distinct
        as_of_date,
        link_kind,
        case when (value_count_one, key_one) < (value_count_other, key_other) then key_one else key_other end as key_fewer,
        case when (value_count_one, key_one) < (value_count_other, key_other) then key_other else key_one end as key_more
    from near

)

-- whatever value brought a pair here, every value of the kind that both hold counts
select
    pairs.as_of_date,
    least(pairs.key_fewer, pairs.key_more) as account_key_a,
    greatest(pairs.key_fewer, pairs.key_more) as account_key_b,
    pairs.link_kind,
    fewer.value_key,
    fewer.weight,
    greatest(fewer.first_seen_on, more.first_seen_on) as first_seen_on,
    greatest(fewer.last_seen_on, more.last_seen_on) as last_seen_on
from pairs
inner join holders as fewer
    on pairs.as_of_date = fewer.as_of_date
    and pairs.link_kind = fewer.link_kind
    and pairs.key_fewer = fewer.account_key
inner join holders as more on {{ holding_key('pairs.key_more', 'fewer.value_key') }} = more.holding_key
