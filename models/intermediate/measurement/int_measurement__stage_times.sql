{%- set night_end = 'cast(' ~ as_of_to() ~ ' + 1 as timestamp)' -%}
with

leads as (

    select * from {{ ref('int_measurement__leads') }}

),

lead_accounts as (

    select * from {{ ref('int_measurement__lead_accounts') }}

),

actions as (

    select * from {{ ref('actions') }}

),

first_activity as (

    select lead_accounts.lead_id, min(account_days.first_requested_at) as first_requested_at
    from lead_accounts
    inner join {{ ref('account_days') }} as account_days on lead_accounts.account_id = account_days.account_id
    group by lead_accounts.lead_id

),

-- a lead is raised when its night's work is done, at the end of its date
detect as (

    select
        'detect' as stage,
        leads.lead_id as item_id,
        first_activity.first_requested_at as started_at,
        cast(leads.first_queued_on + 1 as timestamp) as ended_at,
        {{ night_end }} as observed_until,
        leads.surface,
        'any' as action_type,
        coalesce(leads.policy_clause_id, 'unknown') as policy_clause_id
    from leads
    inner join first_activity on leads.lead_id = first_activity.lead_id
    where leads.verdict = 'violation' and leads.selection <> 'external'

),

-- a lead that left the queue unreviewed is watched until it left
review as (

    select
        'review' as stage,
        lead_id as item_id,
        cast(first_queued_on + 1 as timestamp) as started_at,
        case when verdict is not null then decided_at end as ended_at,
        least(cast(last_queued_on + 1 as timestamp), {{ night_end }}) as observed_until,
        surface,
        'any' as action_type,
        coalesce(policy_clause_id, 'unknown') as policy_clause_id
    from leads

),

decided as (

    select lead_id, min(decided_at) as decided_at
    from actions
    where lead_id is not null
    group by lead_id

),

act as (

    select
        'act' as stage,
        leads.lead_id as item_id,
        leads.decided_at as started_at,
        decided.decided_at as ended_at,
        {{ night_end }} as observed_until,
        leads.surface,
        'any' as action_type,
        coalesce(leads.policy_clause_id, 'unknown') as policy_clause_id
    from leads
    left join decided on leads.lead_id = decided.lead_id
    where leads.verdict = 'violation'

),

-- the accounts of one case are decided on together: it is in effect when the last of them is
effect as (

    select
        'effect' as stage,
        concat_ws('/', case_id, surface, action_type) as item_id,
        min(decided_at) as started_at,
        case when count(effective_at) = count(*) then max(effective_at) end as ended_at,
        {{ night_end }} as observed_until,
        surface,
        action_type,
        min(policy_clause_id) as policy_clause_id
    from actions
    where action_type <> 'no_action'
    group by case_id, surface, action_type

),

gathered as (

    select * from detect
    union all
    select * from review
    union all
    select * from act
    union all
    select * from effect

)

select
    stage,
    item_id,
    started_at,
    -- what is announced for later has not happened yet
    case when ended_at < {{ night_end }} then ended_at end as ended_at,
    greatest(observed_until, started_at) as observed_until,
    surface,
    action_type,
    policy_clause_id
from gathered
where started_at is not null
