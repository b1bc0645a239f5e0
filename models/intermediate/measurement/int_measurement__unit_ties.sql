with

unit_members as (

    select * from {{ ref('int_measurement__unit_members') }}

),

network_days as (

    select account_key, activity_date, ip_prefix_hash, request_count
    from {{ ref('int_usage__account_network_days') }}
    where arrived_on <= {{ as_of_to() }}
        and activity_date >= (select min(enforced_on) - 28 from unit_members)

),

-- what the unit sent from each network in the 28 days before
networks as (

    select
        unit_members.unit_id,
        unit_members.member_unit_id,
        network_days.ip_prefix_hash,
        sum(network_days.request_count) as request_count,
        sum(sum(network_days.request_count)) over (
            partition by unit_members.unit_id, unit_members.member_unit_id
        ) as all_request_count
    from unit_members
    inner join {{ ref('int_accounts__assign_keys') }} as account_keys on unit_members.account_id = account_keys.account_id
    inner join network_days
        on account_keys.account_key = network_days.account_key
        and network_days.activity_date between unit_members.enforced_on - 28 and unit_members.enforced_on - 1
    group by unit_members.unit_id, unit_members.member_unit_id, network_days.ip_prefix_hash

),

gathered as (

    select unit_id, unit_id as member_unit_id, 'case' as tie_kind, cast(case_id as {{ dbt.type_string() }}) as tie_value
    from {{ ref('int_measurement__enforcements') }}
    union all
    -- shared by those who lean on it, not by whoever passed through; numbered, since a release shows no network's hash
    select
        unit_id,
        member_unit_id,
        'network' as tie_kind,
        cast(dense_rank() over (order by ip_prefix_hash) as {{ dbt.type_string() }}) as tie_value
    from networks
    where ip_prefix_hash is not null and 5 * request_count >= all_request_count

)

select
    unit_id,
    member_unit_id,
    tie_kind,
    tie_value
from gathered
