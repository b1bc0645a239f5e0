-- what was agreed with an account, and how much of its use lies outside
{%- set keys = ['surfaces', 'models', 'requests_per_month'] %}
{%- set outside_dates = 'daily.activity_date < agreed.valid_from_date or daily.activity_date > agreed.valid_to_date' %}
with

accounts as (

    select as_of_date, account_key, contract_id
    from {{ ref('int_accounts__as_of') }}
    where contract_id is not null or approved_use is not null

),

contracts as (

    select
        as_of_date,
        contract_id,
        cast(valid_from as date) as valid_from_date,
        cast(valid_to as date) as valid_to_date,
        ';' || replace(lower(coalesce(scope, '')), ' ', '') || ';' as scope_text
    from {{ states_as_of(ref('int_contracts__keep_states'), 'contract_id') }} as states

),

parts as (

    select
        *
        {%- for key in keys %},
        {{ scope_part('scope_text', key) }} as {{ key }}
        {%- endfor %}
    from contracts

),

-- what is left of the text when its parts are taken out: nothing but semicolons, where it can be read
remainders as (

    select
        *,
        {% for key in keys %}replace({% endfor -%}
        scope_text
        {%- for key in keys %}, coalesce(';{{ key }}=' || {{ key }}, ' '), ''){% endfor %} as remainder,
        {%- for surface in ['api', 'chat', 'coding_agent', 'partner_cloud'] %}
        case when {{ is_listed("'" ~ surface ~ "'", 'surfaces') }} then 1 else 0 end{{ ' +' if not loop.last }}
        {%- endfor %} as known_surface_count
    from parts

),

-- a name misread would make honest use look like a breach, so one part that is not understood leaves the whole unread
scopes as (

    select
        as_of_date,
        contract_id,
        valid_from_date,
        valid_to_date,
        surfaces,
        models,
        cast(case when translate(requests_per_month, '0123456789', '') = '' and length(requests_per_month) <= 15
            then requests_per_month end as bigint) as requests_per_month,
        replace(remainder, ';', '') = ''
        and (surfaces is null or known_surface_count = length(surfaces) - length(replace(surfaces, ',', '')) + 1)
        and (models is null or {{ dbt.position("',,'", "',' || models || ','") }} = 0)
        and (
            requests_per_month is null
            or (translate(requests_per_month, '0123456789', '') = '' and length(requests_per_month) <= 15)
        ) as is_scope_readable
    from remainders

),

agreed as (

    select accounts.account_key, scopes.*
    from accounts
    inner join scopes on accounts.as_of_date = scopes.as_of_date and accounts.contract_id = scopes.contract_id

),

surface_use as (

    select
        daily.as_of_date,
        daily.account_key,
        sum(daily.request_count) as request_count,
        sum(case when {{ outside_dates }}
            then daily.request_count else 0 end) as undated_count,
        sum(case when {{ outside_dates }}
            or not {{ is_listed('daily.surface', 'agreed.surfaces') }}
            then daily.request_count else 0 end) as off_surface_count
    from ({{ rows_in_window(ref('int_usage__account_days')) }}) as daily
    inner join agreed on daily.as_of_date = agreed.as_of_date and daily.account_key = agreed.account_key
    group by daily.as_of_date, daily.account_key

),

model_use as (

    select
        daily.as_of_date,
        daily.account_key,
        sum(case when {{ outside_dates }}
            or not {{ is_listed('lower(daily.request_model)', 'agreed.models') }}
            then daily.request_count else 0 end) as off_model_count
    from ({{ rows_in_window(ref('int_usage__account_model_days')) }}) as daily
    inner join agreed on daily.as_of_date = agreed.as_of_date and daily.account_key = agreed.account_key
    group by daily.as_of_date, daily.account_key

),

-- the volume was agreed for the contract, so accounts that name the same one share it
shares as (

    select
        agreed.*,
        surface_use.undated_count / cast(surface_use.request_count as double) as dates_share,
        surface_use.off_surface_count / cast(surface_use.request_count as double) as surfaces_share,
        model_use.off_model_count / cast(surface_use.request_count as double) as models_share,
        coalesce(greatest(0, 1 - agreed.requests_per_month * 28 / cast(30 as double) / cast(
            sum(surface_use.request_count) over (partition by agreed.as_of_date, agreed.contract_id) as double
        )), 0) as volume_share
    from agreed
    inner join surface_use on agreed.as_of_date = surface_use.as_of_date and agreed.account_key = surface_use.account_key
    inner join model_use on agreed.as_of_date = model_use.as_of_date and agreed.account_key = model_use.account_key

),

judged as (

    select
        as_of_date,
        account_key,
        greatest(dates_share, surfaces_share, models_share, volume_share) as outside_share,
        case
            when greatest(dates_share, surfaces_share, models_share, volume_share) = 0 then 'none'
            when dates_share >= greatest(surfaces_share, models_share, volume_share) then 'dates'
            when surfaces_share >= greatest(models_share, volume_share) then 'surfaces'
            when models_share >= volume_share then 'models'
            else 'volume'
        end as outside_limit
    from shares
    where is_scope_readable

)

select
    accounts.as_of_date,
    accounts.account_key,
    agreed.contract_id is not null as is_contract_known,
    accounts.as_of_date >= agreed.valid_from_date
    and accounts.as_of_date <= coalesce(agreed.valid_to_date, accounts.as_of_date) as is_contract_in_force,
    agreed.is_scope_readable as is_contract_scope_readable,
    {{ rounded('judged.outside_share', 6) }} as contract_outside_share_28d,
    judged.outside_limit as contract_outside_limit
from accounts
left join agreed on accounts.as_of_date = agreed.as_of_date and accounts.account_key = agreed.account_key
left join judged on accounts.as_of_date = judged.as_of_date and accounts.account_key = judged.account_key
