with

registry as (

    select * from {{ ref('signal_registry') }}

),

surfaces as (

    select 'api' as surface
    union all
    select 'chat' as surface
    union all
    select 'coding_agent' as surface
    union all
    select 'partner_cloud' as surface

),

-- a tactic that a reviewer or an external lead names counts even where no signal claims it
tactics as (

    select tactic from registry where hypothesis_sign > 0
    union
    select tactic_id as tactic from {{ ref('int_review__verdicts') }} where tactic_id is not null
    union
    select tactic_id as tactic
    from {{ latest_state(ref('int_external_leads__keep_states'), 'external_lead_id') }} as latest_external_leads
    where tactic_id is not null

),

signal_verdicts as (

    select * from {{ ref('int_measurement__signal_verdicts') }}

),

lead_surfaces as (

    select distinct lead_accounts.lead_id, account_days.surface
    from {{ ref('int_measurement__lead_accounts') }} as lead_accounts
    inner join {{ ref('account_days') }} as account_days
        on lead_accounts.account_id = account_days.account_id
        and account_days.activity_date between lead_accounts.drawn_on - 27 and lead_accounts.drawn_on

),

covering as (

    select
        tactic,
        min(entered_on) as entered_on,
        count(*) as signal_count,
        cast(count_if(status = 'active') as bigint) as active_signal_count,
        {{ dbt.listagg('signal_id', "','", 'order by signal_id') }} as signal_ids,
        {{ dbt.listagg('distinct misses', "' '", 'order by misses') }} as blind_spots
    from registry
    where hypothesis_sign > 0 and status <> 'retired'
    group by tactic

),

first_active as (

    select tactic, signal_id, source
    from (
        select
            *,
            row_number() over (partition by tactic order by entered_on, signal_id) as entry_rank
        from registry
        where hypothesis_sign > 0 and status = 'active'
    ) as ranked
    where entry_rank = 1

),

judged as (

    select
        registry.tactic,
        lead_surfaces.surface,
        signal_verdicts.lead_id,
        bool_or(signal_verdicts.is_violation) as is_violation,
        max(signal_verdicts.last_queued_on) as last_queued_on
    from signal_verdicts
    inner join registry on signal_verdicts.signal_id = registry.signal_id and registry.hypothesis_sign > 0
    inner join lead_surfaces on signal_verdicts.lead_id = lead_surfaces.lead_id
    group by registry.tactic, lead_surfaces.surface, signal_verdicts.lead_id

),

confirmed as (

    select
        tactic,
        surface,
        count(*) as reviewed_count,
        cast(count_if(is_violation) as bigint) as confirmed_count,
        max(case when is_violation then last_queued_on end) as last_confirmed_hit_on
    from judged
    group by tactic, surface

)

select
    tactics.tactic,
    surfaces.surface,
    covering.entered_on,
    coalesce(first_active.source, 'named by a reviewer or an external lead, claimed by no signal') as source,
    coalesce(covering.signal_count, 0) as signal_count,
    coalesce(covering.active_signal_count, 0) as active_signal_count,
    covering.signal_ids,
    first_active.signal_id as first_active_signal_id,
    confirmed.last_confirmed_hit_on,
    coalesce(confirmed.reviewed_count, 0) as reviewed_count,
    confirmed.confirmed_count / cast(nullif(confirmed.reviewed_count, 0) as double) as precision,
    {{ wilson_interval('confirmed.confirmed_count', 'confirmed.reviewed_count', 'lower') }} as precision_lower,
    {{ wilson_interval('confirmed.confirmed_count', 'confirmed.reviewed_count', 'upper') }} as precision_upper,
    coalesce(covering.blind_spots, 'no signal') as blind_spots
from tactics
cross join surfaces
left join covering on tactics.tactic = covering.tactic
left join first_active on tactics.tactic = first_active.tactic
left join confirmed on tactics.tactic = confirmed.tactic and surfaces.surface = confirmed.surface
