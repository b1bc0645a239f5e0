{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'as_of_date'}) }}

with

leads as (

    select
        as_of_date,
        external_lead_id,
        received_at,
        origin,
        priority,
        subject_type,
        subject_id,
        indicator_type,
        indicator_value
    from {{ states_as_of(ref('int_external_leads__keep_states'), 'external_lead_id') }} as states

),

accounts as (

    select as_of_date, account_key, account_id from {{ ref('int_accounts__as_of') }}

),

members as (

    select as_of_date, account_id, actor_id from {{ ref('actor_members') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

named as (

    select * from leads
    where subject_id is null and indicator_value is not null

),

matches as (

    {{ accounts_of_indicators('named', 'indicator_value') }}

),

-- members of one actor are one subject
matched as (

    select
        matches.as_of_date,
        matches.external_lead_id,
        count(distinct matches.account_key) as matched_account_count,
        count(distinct coalesce(members.actor_id, accounts.account_id)) as matched_subject_count,
        min(members.actor_id) as actor_id,
        min(accounts.account_id) as account_id
    from matches
    inner join accounts on matches.as_of_date = accounts.as_of_date and matches.account_key = accounts.account_key
    left join members on accounts.as_of_date = members.as_of_date and accounts.account_id = members.account_id
    group by matches.as_of_date, matches.external_lead_id

),

-- a sender may name an id without its kind
kinds as (

    select as_of_date, account_id as subject_id, 'account' as subject_type from accounts
    union
    select as_of_date, actor_id as subject_id, 'actor' as subject_type from members

)

-- an indicator that several subjects share names none of them: a person has to say who is meant
select
    leads.as_of_date,
    leads.external_lead_id,
    leads.received_at,
    leads.origin,
    leads.priority,
    leads.indicator_type,
    case
        when leads.subject_id is not null then coalesce(leads.subject_type, kinds.subject_type)
        when matched.matched_subject_count = 1 then case when matched.actor_id is not null then 'actor' else 'account' end
    end as subject_type,
    case
        when leads.subject_id is not null then leads.subject_id
        when matched.matched_subject_count = 1 then coalesce(matched.actor_id, matched.account_id)
    end as subject_id,
    coalesce(matched.matched_account_count, 0) as matched_account_count,
    coalesce(matched.matched_subject_count, 0) as matched_subject_count
from leads
left join matched
    on leads.as_of_date = matched.as_of_date
    and leads.external_lead_id = matched.external_lead_id
left join kinds
    on leads.as_of_date = kinds.as_of_date
    and leads.subject_id = kinds.subject_id
    and leads.subject_type is null
