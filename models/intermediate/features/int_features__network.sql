with

network_days as (

    {{ rows_in_window(ref('int_usage__account_network_days')) }}

),

own_hosting_networks as (

    select * from {{ source('reference', 'own_hosting_networks') }}

),

-- an installation's own row stands in place of the list's
hosting_networks as (

    select asn, date '2000-01-01' as entered_on, cast(null as date) as removed_on
    from {{ ref('hosting_networks') }}
    where asn not in (select asn from own_hosting_networks)
    union all
    select asn, entered_on, removed_on from own_hosting_networks

),

supported_regions as (

    select * from {{ ref('unsupported_regions') }}

),

declared as (

    select as_of_date, account_key, declared_country from {{ ref('int_accounts__as_of') }}

)

select
    network_days.as_of_date,
    network_days.account_key,
    case when count(network_days.ip_prefix_hash) > 0
        then count(distinct network_days.ip_prefix_hash) end as ip_prefix_distinct_count_28d,
    case when count(network_days.user_agent_hash) > 0
        then count(distinct network_days.user_agent_hash) end as user_agent_distinct_count_28d,
    case when count(network_days.country) > 0
        then count(distinct network_days.country) end as country_distinct_count_28d,
    count(distinct network_days.ip_prefix_hash) * cast(1000 as double)
        / nullif(sum(case when network_days.ip_prefix_hash is not null then network_days.request_count end), 0)
        as ip_prefixes_per_1000_requests_28d,
    sum(case when hosting_networks.asn is not null then network_days.request_count else 0 end)
        / cast(nullif(sum(case when network_days.asn is not null then network_days.request_count end), 0) as double)
        as hosting_share_28d,
    sum(case when network_days.country <> declared.declared_country then network_days.request_count else 0 end)
        / cast(nullif(sum(case
            when network_days.country is not null and declared.declared_country is not null then network_days.request_count
        end), 0) as double) as undeclared_country_share_28d,
    sum(case when supported_regions.country is not null then network_days.request_count else 0 end)
        / cast(nullif(sum(case when network_days.country is not null then network_days.request_count end), 0) as double)
        as unsupported_region_share_28d
from network_days
left join hosting_networks
    on
        network_days.asn = hosting_networks.asn
        and network_days.as_of_date >= hosting_networks.entered_on
        and network_days.as_of_date < coalesce(hosting_networks.removed_on, date '9999-12-31')
left join supported_regions on network_days.country = supported_regions.country
left join declared
    on network_days.as_of_date = declared.as_of_date and network_days.account_key = declared.account_key
group by network_days.as_of_date, network_days.account_key
