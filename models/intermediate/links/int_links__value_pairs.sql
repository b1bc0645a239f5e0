-- pairs that share values: all pairs of a value's few holders, and of many each with those 1, 2, 4, ... places on
with

few_holders as (

    select * from {{ ref('int_links__rare_holders') }} where place is null

),

-- one integer says who holds what
many_holders as (

    select
        *,
        {{ holding_key('account_key', 'value_key') }} as holding_key
    from {{ ref('int_links__rare_holders') }}
    where place is not null

),

few_pairs as (

    select
        one.as_of_date,
        one.account_key as account_key_a,
        other.account_key as account_key_b,
        one.link_kind,
        one.value_key,
        one.weight,
        greatest(one.first_seen_on, other.first_seen_on) as first_seen_on,
        greatest(one.last_seen_on, other.last_seen_on) as last_seen_on
    from few_holders as one
    inner join few_holders as other on one.value_key = other.value_key and one.account_key < other.account_key

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
        many_holders.as_of_date,
        many_holders.link_kind,
        many_holders.value_key,
        many_holders.account_key,
        (many_holders.place + steps.step) % many_holders.holder_count as place
    from many_holders
    inner join steps on many_holders.holder_count > steps.step

),

-- whatever value brought a pair here, every value of the kind that both hold counts
pairs as (

    select
        ahead.as_of_date,
        ahead.link_kind,
        least(ahead.account_key, many_holders.account_key) as account_key_a,
        greatest(ahead.account_key, many_holders.account_key) as account_key_b
    from ahead
    inner join many_holders on ahead.value_key = many_holders.value_key and ahead.place = many_holders.place
    union
    select as_of_date, link_kind, account_key_a, account_key_b
    from few_pairs
    where link_kind in (select link_kind from many_holders)

)

select
    as_of_date,
    account_key_a,
    account_key_b,
    link_kind,
    value_key,
    weight,
    first_seen_on,
    last_seen_on
from few_pairs
union all
select
    pairs.as_of_date,
    pairs.account_key_a,
    pairs.account_key_b,
    pairs.link_kind,
    one.value_key,
    one.weight,
    greatest(one.first_seen_on, other.first_seen_on) as first_seen_on,
    greatest(one.last_seen_on, other.last_seen_on) as last_seen_on
from pairs
inner join many_holders as one
    on pairs.as_of_date = one.as_of_date
    and pairs.link_kind = one.link_kind
    and pairs.account_key_a = one.account_key
inner join many_holders as other on {{ holding_key('pairs.account_key_b', 'one.value_key') }} = other.holding_key
