with

external_leads as (

    select *
    from {{ latest_state(ref('int_external_leads__keep_states'), 'external_lead_id') }} as latest_leads

),

-- whom a lead names: by its own words, by its indicator tonight, or as the queue understood it on any night
subjects as (

    select external_lead_id, subject_type, subject_id
    from {{ ref('int_review__external_subjects') }}
    where as_of_date = {{ as_of_to() }} and subject_id is not null
    union
    select external_lead_id, subject_type, subject_id
    from {{ ref('review_queue') }}
    where as_of_date <= {{ as_of_to() }} and external_lead_id is not null and subject_type <> 'external'

),

named as (

    select
        external_leads.external_lead_id,
        external_leads.origin,
        external_leads.received_at,
        subjects.subject_type,
        subjects.subject_id
    from external_leads
    inner join subjects on external_leads.external_lead_id = subjects.external_lead_id

),

-- a word about one member is a word about its actor
actors_named as (

    select named.external_lead_id, named.origin, named.received_at, 'actor' as subject_type, members.actor_id as subject_id
    from named
    inner join {{ ref('actor_members') }} as members
        on named.subject_id = members.account_id
        and members.as_of_date <= {{ as_of_to() }}
    where named.subject_type = 'account'

)

select
    subject_type,
    subject_id,
    min(received_at) as first_received_at,
    count(distinct external_lead_id) as external_lead_count
from (
    select * from named
    union all
    select * from actors_named
) as subjects_named
group by subject_type, subject_id
