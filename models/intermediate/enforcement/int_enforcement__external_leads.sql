with

external_leads as (

    select *
    from {{ latest_state(ref('int_external_leads__keep_states'), 'external_lead_id') }} as latest_leads

),

named as (

    select external_lead_id, origin, received_at, subject_type, subject_id
    from external_leads
    where subject_id is not null
    union all
    select external_lead_id, origin, received_at, 'account' as subject_type, indicator_value as subject_id
    from external_leads
    where subject_id is null and indicator_type = 'account_id'

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
