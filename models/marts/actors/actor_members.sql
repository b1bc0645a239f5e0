{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['actor_id', 'account_id']}
}) }}

with

members as (

    select * from {{ source('computed', 'actor_members') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

-- what a member's own signals say of it alone; a link to an enforced account is no evidence of its own
own as (

    select
        as_of_date,
        subject_id as account_id,
        cast(greatest(sum(contribution), sum(resale_contribution)) as double) as own_evidence
    from {{ ref('signal_hits') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
        and subject_type = 'account'
        and family <> 'reentry'
    group by as_of_date, subject_id

)

select
    members.as_of_date,
    members.actor_id,
    members.account_id,
    members.joined_on,
    members.membership_strength,
    members.link_kind_count,
    members.nonbehavioural_kind_count,
    coalesce(own.own_evidence, 0) as own_evidence,
    -- ln 10: its own signals make abuse ten times likelier than without them
    case when members.basis = 'act' or own.own_evidence >= 2.3 then 'act' else 'hold' end as basis
from members
left join own on members.as_of_date = own.as_of_date and members.account_id = own.account_id
