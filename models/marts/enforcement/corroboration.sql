with

corroboration_landed as (

    select * from {{ latest_state(ref('int_external_corroboration__keep_states'), 'corroboration_id') }} as latest_states

),

account_keys as (

    select account_id from {{ ref('int_accounts__assign_keys') }}

),

actors as (

    select distinct actor_id from {{ ref('actor_members') }}
    where as_of_date <= {{ as_of_to() }}

),

cases as (

    select case_id from {{ ref('cases') }}

)

select
    corroboration_landed.corroboration_id,
    corroboration_landed.subject_type,
    corroboration_landed.subject_id,
    corroboration_landed.kind,
    corroboration_landed.strength,
    corroboration_landed.observed_at,
    corroboration_landed.summary_ref,
    corroboration_landed.arrived_on as state_arrived_on,
    coalesce(account_keys.account_id, actors.actor_id, cases.case_id) is not null as is_known_subject
from corroboration_landed
left join account_keys
    on corroboration_landed.subject_type = 'account' and corroboration_landed.subject_id = account_keys.account_id
left join actors on corroboration_landed.subject_type = 'actor' and corroboration_landed.subject_id = actors.actor_id
left join cases on corroboration_landed.subject_type = 'case' and corroboration_landed.subject_id = cases.case_id
