{{ config(meta={'published': {
    'as_of_column': none,
    'order_by': ['activity_date', 'surface', 'partner', 'tier', 'declared_country', 'account_type']
}}) }}

-- added up here, since a reader who joins accounts to their days waits for every row of both
with

usage as (

    select * from {{ ref('account_days') }}
    where activity_date > {{ as_of_to() }} - 28
        and activity_date <= {{ as_of_to() }}

),

accounts as (

    select * from {{ ref('accounts') }}

)

select
    usage.activity_date,
    usage.surface,
    usage.partner,
    accounts.tier,
    coalesce(accounts.declared_country, 'unknown') as declared_country,
    coalesce(accounts.account_type, 'unknown') as account_type,
    count(*) as account_count,
    cast(sum(usage.request_count) as bigint) as request_count,
    cast(sum(usage.success_count) as bigint) as success_count,
    cast(sum(usage.failed_count) as bigint) as failed_count,
    cast(sum(usage.rate_limited_count) as bigint) as rate_limited_count,
    cast(sum(usage.input_tokens) as bigint) as input_tokens,
    cast(sum(usage.output_tokens) as bigint) as output_tokens
from usage
inner join accounts on usage.account_id = accounts.account_id
group by
    usage.activity_date,
    usage.surface,
    usage.partner,
    accounts.tier,
    coalesce(accounts.declared_country, 'unknown'),
    coalesce(accounts.account_type, 'unknown')
