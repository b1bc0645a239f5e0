-- pairs that share values: all pairs of a value's few holders, and of many each with those 1, 2, 4, ... places on
with

holders as (

    select * from {{ ref('int_links__rare_holders') }}

),

-- a ring with steps of powers of two keeps any two holders within a logarithm of steps and has no bottleneck, so that
-- links grow as n log n and a group still holds together
steps as (

    {% for power in range(24) -%}
    select {{ 2 ** power }} as step {{ 'union all' if not loop.last }}
    {% endfor %}

),

near as (

    select
        one.as_of_date,
        one.link_kind,
        one.link_value,
        one.account_key as key_one,
        other.account_key as key_other
    from holders as one
    inner join holders as other
        on one.as_of_date = other.as_of_date
        and one.link_kind = other.link_kind
        and one.link_value = other.link_value
        and one.place < other.place
    where one.holder_count <= {{ var('all_pairs_holders') }}

    union all

    select
        one.as_of_date,
        one.link_kind,
        one.link_value,
        one.account_key as key_one,
        other.account_key as key_other
    from holders as one
    inner join steps on one.holder_count > steps.step
    inner join holders as other
        on one.as_of_date = other.as_of_date
        and one.link_kind = other.link_kind
        and one.link_value = other.link_value
        and other.place = (one.place + steps.step) % one.holder_count
    where one.holder_count > {{ var('all_pairs_holders') }}

),

pairs as (

    select distinct
        as_of_date,
        link_kind,
        least(key_one, key_other) as account_key_a,
        greatest(key_one, key_other) as account_key_b
    from near

)

-- whatever value brought a pair here, every value of the kind that both hold counts
select
    pairs.as_of_date,
    pairs.account_key_a,
    pairs.account_key_b,
    pairs.link_kind,
    holders_a.link_value,
    holders_a.weight,
    greatest(holders_a.first_seen_on, holders_b.first_seen_on) as first_seen_on,
    greatest(holders_a.last_seen_on, holders_b.last_seen_on) as last_seen_on
from pairs
inner join holders as holders_a
    on pairs.as_of_date = holders_a.as_of_date
    and pairs.link_kind = holders_a.link_kind
    and pairs.account_key_a = holders_a.account_key
inner join holders as holders_b
    on pairs.as_of_date = holders_b.as_of_date
    and pairs.link_kind = holders_b.link_kind
    and pairs.account_key_b = holders_b.account_key
    and holders_a.link_value = holders_b.link_value
