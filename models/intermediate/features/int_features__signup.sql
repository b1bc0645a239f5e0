with

accounts as (

    select * from {{ ref('int_accounts__as_of') }}

),

disposable_domains as (

    select * from {{ source('reference', 'disposable_email_domains') }}

),

-- sign-ups that share a device, network address or uncommon mail domain with this one within three days
by_device as (

    select
        as_of_date,
        account_key,
        count(*) over (
            partition by as_of_date, device_hash
            order by created_at
            range between interval 3 day preceding and interval 3 day following
        ) as burst_count
    from accounts
    where device_hash is not null

),

by_network as (

    select
        as_of_date,
        account_key,
        count(*) over (
            partition by as_of_date, signup_ip_hash
            order by created_at
            range between interval 3 day preceding and interval 3 day following
        ) as burst_count
    from accounts
    where signup_ip_hash is not null

),

by_pattern as (

    select
        as_of_date,
        account_key,
        count(*) over (
            partition by as_of_date, email_pattern_hash, email_domain
            order by created_at
            range between interval 3 day preceding and interval 3 day following
        ) as burst_count
    from accounts
    where email_pattern_hash is not null

)

select
    accounts.as_of_date,
    accounts.account_key,
    {{ days_between('cast(accounts.created_at as date)', 'accounts.as_of_date') }} as account_age_days,
    case when accounts.device_hash is not null or accounts.signup_ip_hash is not null or accounts.email_pattern_hash is not null
        then greatest(
            coalesce(by_device.burst_count, 0), coalesce(by_network.burst_count, 0), coalesce(by_pattern.burst_count, 0)
        )
    end as signup_burst_count,
    case when accounts.email_domain is not null then disposable_domains.domain is not null end as has_disposable_domain
from accounts
left join by_device
    on accounts.as_of_date = by_device.as_of_date and accounts.account_key = by_device.account_key
left join by_network
    on accounts.as_of_date = by_network.as_of_date and accounts.account_key = by_network.account_key
left join by_pattern
    on accounts.as_of_date = by_pattern.as_of_date and accounts.account_key = by_pattern.account_key
left join disposable_domains
    on
        lower(accounts.email_domain) = disposable_domains.domain
        and accounts.as_of_date >= disposable_domains.entered_on
        and accounts.as_of_date < coalesce(disposable_domains.removed_on, date '9999-12-31')
