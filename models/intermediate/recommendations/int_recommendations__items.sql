with

leads as (

    select * from {{ ref('int_measurement__leads') }}

),

verdicts as (

    select * from {{ ref('int_review__verdicts') }}
    where verdict is not null

),

signal_verdicts as (

    select * from {{ ref('int_measurement__signal_verdicts') }}

),

registry as (

    select * from {{ ref('signal_registry') }}

),

signal_items as (

    select signal_id, 'all' as group_kind, 'all' as group_value, lead_id, signal_version, last_queued_on, is_violation from signal_verdicts
    union all
    select signal_id, 'country' as group_kind, country as group_value, lead_id, signal_version, last_queued_on, is_violation from signal_verdicts
    union all
    select signal_id, 'tier' as group_kind, tier as group_value, lead_id, signal_version, last_queued_on, is_violation from signal_verdicts

),

-- what a verdict does not name, the clause the queue suggested stands for
clause_verdicts as (

    select
        verdicts.lead_id,
        coalesce(verdicts.policy_clause_id, suggested.suggested_clause) as clause_id,
        verdicts.policy_clause_id,
        verdicts.verdict,
        cast(verdicts.decided_at as date) as decided_on
    from verdicts
    left join {{ ref('int_review__leads') }} as suggested on verdicts.lead_id = suggested.lead_id

),

grounds as (

    select 'factual' as ground
    union all
    select 'procedural' as ground
    union all
    select 'goodwill' as ground
    union all
    select 'unstated' as ground

),

decided_appeals as (

    select
        appeals.appeal_id,
        appeals.policy_clause_id,
        appeals.outcome,
        coalesce(appeals.ground, 'unstated') as ground,
        cast(coalesce(actions.decided_at, appeals.decided_at) as date) as acted_on
    from {{ ref('appeals') }} as appeals
    left join {{ ref('int_enforcement__action_states') }} as actions on appeals.action_id = actions.action_id
    where appeals.is_deciding and appeals.policy_clause_id is not null

),

caught as (

    select distinct registry.tactic, signal_verdicts.lead_id
    from signal_verdicts
    inner join registry on signal_verdicts.signal_id = registry.signal_id and registry.hypothesis_sign > 0

),

named_tactics as (

    select
        leads.tactic_id,
        leads.surface,
        leads.lead_id,
        cast(leads.decided_at as date) as decided_on,
        caught.lead_id is not null as is_caught
    from leads
    left join caught on leads.lead_id = caught.lead_id and leads.tactic_id = caught.tactic
    where leads.verdict = 'violation' and leads.tactic_id is not null

)

select
    'signal' as about,
    signal_id as about_id,
    group_kind,
    group_value,
    'precision' as measure,
    lead_id as item_id,
    signal_version,
    last_queued_on as happened_on,
    is_violation as is_counted
from signal_items

union all

select
    'clause' as about,
    clause_id as about_id,
    'all' as group_kind,
    'all' as group_value,
    'insufficient_share' as measure,
    lead_id as item_id,
    cast(null as integer) as signal_version,
    decided_on as happened_on,
    verdict = 'insufficient' as is_counted
from clause_verdicts
where clause_id is not null

union all

select
    'clause' as about,
    'no_clause' as about_id,
    'all' as group_kind,
    'all' as group_value,
    'no_fit_share' as measure,
    lead_id as item_id,
    cast(null as integer) as signal_version,
    decided_on as happened_on,
    policy_clause_id is null as is_counted
from clause_verdicts
where verdict = 'violation'

union all

select
    'clause' as about,
    decided_appeals.policy_clause_id as about_id,
    'all' as group_kind,
    'all' as group_value,
    'overturned_' || grounds.ground || '_share' as measure,
    decided_appeals.appeal_id as item_id,
    cast(null as integer) as signal_version,
    decided_appeals.acted_on as happened_on,
    decided_appeals.outcome = 'overturned' and decided_appeals.ground = grounds.ground as is_counted
from decided_appeals
cross join grounds

union all

select
    'tactic' as about,
    tactic_id as about_id,
    'all' as group_kind,
    'all' as group_value,
    'covered_share' as measure,
    lead_id as item_id,
    cast(null as integer) as signal_version,
    decided_on as happened_on,
    is_caught as is_counted
from named_tactics

union all

select
    'tactic' as about,
    tactic_id as about_id,
    'surface' as group_kind,
    surface as group_value,
    'covered_share' as measure,
    lead_id as item_id,
    cast(null as integer) as signal_version,
    decided_on as happened_on,
    is_caught as is_counted
from named_tactics
