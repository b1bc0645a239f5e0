-- use by keys from places the account was never seen in before, while its own use goes on: a traveller brings the one along
with

network_days as (

    select * from ({{ rows_in_window(ref('int_usage__account_network_days')) }}) as network_days
    where surface in ('api', 'partner_cloud') and asn is not null and country is not null

),

settled_days as (

    select as_of_date, account_key, count(distinct activity_date) as settled_day_count
    from network_days
    where activity_date <= as_of_date - 7
    group by as_of_date, account_key

),

settled_places as (

    select as_of_date, account_key, 'network' as place_kind, cast(asn as {{ dbt.type_string() }}) as place
    from network_days
    where activity_date <= as_of_date - 7
    union
    select as_of_date, account_key, 'country' as place_kind, country as place
    from network_days
    where activity_date <= as_of_date - 7

),

recent as (

    select as_of_date, account_key, asn, country, sum(request_count) as request_count
    from network_days
    where activity_date > as_of_date - 7
    group by as_of_date, account_key, asn, country

),

placed as (

    select
        recent.*,
        networks.account_key is null as is_new_network,
        countries.account_key is null as is_new_country
    from recent
    left join settled_places as networks
        on recent.as_of_date = networks.as_of_date
        and recent.account_key = networks.account_key
        and networks.place_kind = 'network'
        and networks.place = cast(recent.asn as {{ dbt.type_string() }})
    left join settled_places as countries
        on recent.as_of_date = countries.as_of_date
        and recent.account_key = countries.account_key
        and countries.place_kind = 'country'
        and countries.place = recent.country

)

select
    placed.as_of_date,
    placed.account_key,
    max(settled_days.settled_day_count) as settled_day_count,
    cast(sum(placed.request_count) as bigint) as placed_request_count_7d,
    cast(sum(case when placed.is_new_network and placed.is_new_country then placed.request_count else 0 end) as bigint)
        as unfamiliar_request_count_7d,
    cast(sum(case when not placed.is_new_network then placed.request_count else 0 end) as bigint) as familiar_request_count_7d,
    count(distinct case when placed.is_new_network and placed.is_new_country then placed.asn end)
        as unfamiliar_network_count_7d
from placed
inner join settled_days
    on placed.as_of_date = settled_days.as_of_date and placed.account_key = settled_days.account_key
group by placed.as_of_date, placed.account_key
