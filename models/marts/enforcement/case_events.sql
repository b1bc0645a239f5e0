with

case_leads as (

    select * from {{ ref('int_enforcement__case_leads') }}

),

leads as (

    select * from {{ ref('int_review__leads') }}

),

state_events as (

    select * from {{ ref('int_enforcement__state_events') }}

),

external_leads as (

    select external_lead_id, received_at, origin, min(arrived_on) as first_arrived_on
    from {{ ref('int_external_leads__keep_states') }}
    where arrived_on <= {{ as_of_to() }}
    group by external_lead_id, received_at, origin

),

-- a lead is queued when its first night has ended
queued as (

    select
        case_leads.case_id,
        cast(leads.drawn_on + 1 as timestamp) as event_at,
        'lead_queued' as event,
        'lead' as record_kind,
        leads.lead_id as record_id,
        leads.drawn_on as learned_on,
        leads.selection as event_detail
    from case_leads
    inner join leads on case_leads.lead_id = leads.lead_id

),

received as (

    select distinct
        case_leads.case_id,
        external_leads.received_at as event_at,
        'external_lead_received' as event,
        'external_lead' as record_kind,
        external_leads.external_lead_id as record_id,
        external_leads.first_arrived_on as learned_on,
        external_leads.origin as event_detail
    from case_leads
    inner join {{ ref('review_queue') }} as review_queue
        on case_leads.lead_id = review_queue.lead_id and review_queue.as_of_date <= {{ as_of_to() }}
    inner join external_leads on review_queue.external_lead_id = external_leads.external_lead_id

),

-- a review speaks of a lead, everything else of the case itself
landed as (

    select
        state_events.*,
        case when state_events.record_kind = 'review' then case_leads.case_id else state_events.case_id end as case_of_event
    from state_events
    left join case_leads on state_events.record_kind = 'review' and state_events.case_id = case_leads.lead_id

)

select
    case_of_event as case_id,
    event_at,
    event,
    record_kind,
    record_id,
    learned_on,
    withdrawn_on,
    account_id,
    surface,
    partner,
    by_hash,
    release_id,
    event_detail
from landed
where case_of_event is not null
{%- for cte in ['queued', 'received'] %}
union all
select
    case_id,
    event_at,
    event,
    record_kind,
    record_id,
    learned_on,
    cast(null as date) as withdrawn_on,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as surface,
    cast(null as {{ dbt.type_string() }}) as partner,
    cast(null as bigint) as by_hash,
    cast(null as {{ dbt.type_string() }}) as release_id,
    event_detail
from {{ cte }}
{%- endfor %}
