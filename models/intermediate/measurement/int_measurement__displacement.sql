with

enforced_units as (

    select * from {{ ref('int_measurement__enforced_units') }}
    where not is_overturned

),

account_days as (

    select * from {{ ref('account_days') }}
    where activity_date <= {{ as_of_to() }}

),

acted_accounts as (

    select distinct coalesce(actor_id, account_id) as unit_id, account_id, surface, coalesce(partner, '') as partner
    from {{ ref('actions') }}
    where action_type in ('suspension', 'termination') and not is_overturned

),

-- where each request went: what the action covers, another account of the unit, or another surface of an acted one
member_days as (

    select
        enforced_units.unit_id,
        case
            when bool_or(
                acted_accounts.surface in ('all', account_days.surface)
                and acted_accounts.partner in ('', account_days.partner)
            ) then 'in_scope'
            when bool_or(acted_accounts.account_id is not null) then 'other_surface'
            else 'other_member'
        end as channel,
        account_days.surface,
        account_days.partner,
        {{ days_between('enforced_units.enforced_on', 'account_days.activity_date') }} as relative_day,
        account_days.request_count,
        account_days.output_tokens
    from {{ ref('int_measurement__unit_members') }} as unit_members
    inner join enforced_units on unit_members.unit_id = enforced_units.unit_id
    inner join account_days
        on unit_members.account_id = account_days.account_id
        and account_days.activity_date between enforced_units.enforced_on - 28 and enforced_units.enforced_on + 28
    left join acted_accounts
        on enforced_units.unit_id = acted_accounts.unit_id
        and unit_members.account_id = acted_accounts.account_id
    where not unit_members.is_control
    group by
        enforced_units.unit_id, enforced_units.enforced_on, account_days.account_id, account_days.surface,
        account_days.partner, account_days.activity_date, account_days.request_count, account_days.output_tokens

),

returned_days as (

    select
        enforced_units.unit_id,
        'new_account' as channel,
        account_days.surface,
        account_days.partner,
        {{ days_between('enforced_units.enforced_on', 'account_days.activity_date') }} as relative_day,
        account_days.request_count,
        account_days.output_tokens
    from {{ ref('int_measurement__returned_accounts') }} as returned_accounts
    inner join enforced_units
        on returned_accounts.unit_id = enforced_units.unit_id
        and returned_accounts.member_unit_id = enforced_units.unit_id
    inner join account_days
        on returned_accounts.new_account_id = account_days.account_id
        and account_days.activity_date between enforced_units.enforced_on and enforced_units.enforced_on + 28

),

gathered as (

    select * from member_days
    union all
    select * from returned_days

)

select
    gathered.unit_id,
    gathered.channel,
    gathered.surface,
    gathered.partner,
    cast(gathered.relative_day as integer) as relative_day,
    cast({{ days_between('enforced_units.enforced_on', as_of_to()) }} as integer) as observed_day_count,
    cast(sum(gathered.request_count) as bigint) as request_count,
    cast(sum(gathered.output_tokens) as bigint) as output_tokens
from gathered
inner join enforced_units on gathered.unit_id = enforced_units.unit_id
group by gathered.unit_id, gathered.channel, gathered.surface, gathered.partner, gathered.relative_day, enforced_units.enforced_on
