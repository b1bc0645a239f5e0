with

holdings as (

    select account_key, prompt_template_hash as held
    from requests
    group by account_key, prompt_template_hash
    having count(*) >= 2

),

-- a value that many hold says nothing, and is cut before its holders meet
rare as (

    select held, count(*) as holder_count
    from holdings
    group by held
    having count(*) between 2 and 150

),

holders as (

    select holdings.account_key as account_key, holdings.held as held, rare.holder_count as holder_count
    from holdings
    inner join rare on holdings.held = rare.held

)

select
    one.account_key as account_key_a,
    other.account_key as account_key_b,
    count(*) as shared_value_count,
    sum(ln(1e6 / cast(one.holder_count as double))) as weight
from holders as one
inner join holders as other on one.held = other.held
where one.account_key < other.account_key
group by one.account_key, other.account_key
