{%- set each_feature = [] -%}
{%- for entry in peer_features() -%}
    {%- do each_feature.append(["'" ~ entry.feature ~ "'", 'cast(' ~ entry.floor ~ ' as double)', entry.expression]) -%}
{%- endfor -%}

-- median and spread of each feature per peer group; a group too small borrows its tier's, then everybody's
with

account_features as (

    select * from {{ ref('account_features') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
        and not is_enforced
        and request_count_28d >= {{ var('minimum_baseline_requests') }}

),

compared as (
    {{ unfolded(
        'account_features', ['as_of_date', 'peer_group', 'wider_peer_group'], ['feature', 'least_spread', 'compared_value'],
        each_feature
    ) }}

),

present as (

    select * from compared where compared_value is not null

),

levels as (

    select as_of_date, 'peer_group' as level, peer_group as group_name, feature, least_spread, compared_value from present
    union all
    select as_of_date, 'wider' as level, wider_peer_group as group_name, feature, least_spread, compared_value from present
    union all
    select as_of_date, 'all' as level, 'all' as group_name, feature, least_spread, compared_value from present

),

centred as (

    select
        as_of_date,
        level,
        group_name,
        feature,
        least_spread,
        count(*) as account_count,
        median(compared_value) as centre,
        {{ absolute_deviation('compared_value') }} as absolute_deviation
    from levels
    group by as_of_date, level, group_name, feature, least_spread

),

groups as (

    select distinct as_of_date, peer_group, wider_peer_group
    from {{ ref('account_features') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

everybody as (

    select * from centred where level = 'all'

),

resolved as (

    select
        groups.as_of_date,
        groups.peer_group,
        everybody.feature,
        everybody.least_spread,
        case
            when own.account_count >= {{ var('minimum_peer_accounts') }} then own.group_name
            when wider.account_count >= {{ var('minimum_peer_accounts') }} then wider.group_name
            else 'all'
        end as baseline_group,
        case
            when own.account_count >= {{ var('minimum_peer_accounts') }} then own.account_count
            when wider.account_count >= {{ var('minimum_peer_accounts') }} then wider.account_count
            else everybody.account_count
        end as account_count,
        case
            when own.account_count >= {{ var('minimum_peer_accounts') }} then own.centre
            when wider.account_count >= {{ var('minimum_peer_accounts') }} then wider.centre
            else everybody.centre
        end as centre,
        case
            when own.account_count >= {{ var('minimum_peer_accounts') }} then own.absolute_deviation
            when wider.account_count >= {{ var('minimum_peer_accounts') }} then wider.absolute_deviation
            else everybody.absolute_deviation
        end as absolute_deviation
    from groups
    inner join everybody on groups.as_of_date = everybody.as_of_date
    left join centred as own
        on groups.as_of_date = own.as_of_date
        and own.level = 'peer_group'
        and groups.peer_group = own.group_name
        and everybody.feature = own.feature
    left join centred as wider
        on groups.as_of_date = wider.as_of_date
        and wider.level = 'wider'
        and groups.wider_peer_group = wider.group_name
        and everybody.feature = wider.feature

)

-- fewer accounts than a group needs in all: no baseline, and what compares with it is not computable
select
    as_of_date,
    peer_group,
    feature,
    baseline_group,
    account_count,
    centre,
    greatest(1.4826 * absolute_deviation, least_spread) as spread
from resolved
where account_count >= {{ var('minimum_peer_accounts') }}
