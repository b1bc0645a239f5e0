with

registry as (

    select * from {{ ref('signal_registry') }}

),

registered as (

    select * from {{ ref('tactics') }}

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

leads as (

    select * from {{ ref('int_measurement__leads') }}

),

-- a tactic that a reviewer or an external lead names counts even where the registry does not hold it
named as (

    select tactic_id as tactic, 1 as verdict_count, 0 as external_lead_count
    from {{ ref('int_review__verdicts') }}
    where tactic_id is not null and verdict = 'violation'
    union all
    select tactic_id as tactic, 0 as verdict_count, 1 as external_lead_count
    from {{ latest_state(ref('int_external_leads__keep_states'), 'external_lead_id') }} as latest_external_leads
    where tactic_id is not null

),

namings as (

    select
        tactic,
        cast(sum(verdict_count) as bigint) as named_in_verdict_count,
        cast(sum(external_lead_count) as bigint) as named_in_external_lead_count
    from named
    group by tactic

),

tactics as (

    select tactic_id as tactic from registered where family <> 'mitigating'
    union
    select tactic from namings

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

-- violations confirmed on a surface, by whatever signal: what there was to be caught there
surface_violations as (

    select lead_surfaces.surface, count(*) as violation_count
    from lead_surfaces
    inner join leads on lead_surfaces.lead_id = leads.lead_id and leads.verdict = 'violation'
    group by lead_surfaces.surface

),

covering as (

    select
        tactic,
        count(*) as signal_count,
        cast({{ count_where("status = 'active'") }} as bigint) as active_signal_count,
        {{ joined_text('signal_id', ',', 'signal_id') }} as signal_ids,
        {{ joined_text('misses', ' ', 'misses', distinct=true) }} as blind_spots
    from registry
    where hypothesis_sign > 0 and status <> 'retired'
    group by tactic

),

first_active as (

    select tactic, signal_id
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
        min(signal_verdicts.decided_at) as decided_at,
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
        cast({{ count_where('is_violation') }} as bigint) as confirmed_count,
        cast(min(case when is_violation then decided_at end) as date) as first_confirmed_hit_on,
        max(case when is_violation then last_queued_on end) as last_confirmed_hit_on
    from judged
    group by tactic, surface

)

select
    tactics.tactic,
    surfaces.surface,
    registered.tactic_id is not null as is_registered,
    registered.entered_on,
    coalesce(registered.source, 'named by a reviewer or an external lead, not in the registry') as source,
    registered.first_covered_on,
    coalesce(covering.signal_count, 0) as signal_count,
    coalesce(covering.active_signal_count, 0) as active_signal_count,
    covering.signal_ids,
    first_active.signal_id as first_active_signal_id,
    confirmed.first_confirmed_hit_on,
    confirmed.last_confirmed_hit_on,
    coalesce(confirmed.reviewed_count, 0) as reviewed_count,
    coalesce(confirmed.confirmed_count, 0) as confirmed_count,
    coalesce(surface_violations.violation_count, 0) as surface_violation_count,
    coalesce(namings.named_in_verdict_count, 0) as named_in_verdict_count,
    coalesce(namings.named_in_external_lead_count, 0) as named_in_external_lead_count,
    confirmed.confirmed_count / cast(nullif(confirmed.reviewed_count, 0) as double) as precision,
    {{ wilson_interval('confirmed.confirmed_count', 'confirmed.reviewed_count', 'lower') }} as precision_lower,
    {{ wilson_interval('confirmed.confirmed_count', 'confirmed.reviewed_count', 'upper') }} as precision_upper,
    coalesce(covering.blind_spots, 'no signal') as blind_spots
from tactics
cross join surfaces
left join registered on tactics.tactic = registered.tactic_id
left join covering on tactics.tactic = covering.tactic
left join first_active on tactics.tactic = first_active.tactic
left join namings on tactics.tactic = namings.tactic
left join surface_violations on surfaces.surface = surface_violations.surface
left join confirmed on tactics.tactic = confirmed.tactic and surfaces.surface = confirmed.surface
