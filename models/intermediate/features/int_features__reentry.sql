with

links as (

    select * from {{ ref('account_links') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

enforced as (

    select * from {{ ref('int_enforcement__accounts_in_force') }}

),

accounts as (

    select as_of_date, account_key, created_at from {{ ref('int_accounts__as_of') }}

),

both_ways as (

    select as_of_date, account_key_a as account_key, account_key_b as other_account_key, evidence_source, is_behavioural, weight
    from links
    union all
    select as_of_date, account_key_b as account_key, account_key_a as other_account_key, evidence_source, is_behavioural, weight
    from links

),

-- links from an account opened after the action to an account the action was taken on
to_enforced as (

    select both_ways.*
    from both_ways
    inner join enforced
        on both_ways.as_of_date = enforced.as_of_date and both_ways.other_account_key = enforced.account_key
    inner join accounts
        on both_ways.as_of_date = accounts.as_of_date and both_ways.account_key = accounts.account_key
    where accounts.created_at >= enforced.first_effective_at

)

select
    as_of_date,
    account_key,
    count(distinct evidence_source) as enforced_link_kind_count,
    count(distinct case when not is_behavioural then evidence_source end) as enforced_nonbehavioural_kind_count,
    cast(max(weight) as double) as enforced_link_weight
from to_enforced
group by as_of_date, account_key
