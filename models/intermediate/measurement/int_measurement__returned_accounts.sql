with

return_links as (

    select * from {{ ref('int_measurement__return_links') }}
    where first_linked_on <= {{ as_of_to() }}

),

-- two independent kinds, one of them not behavioural: one shared network or one common template is no return
linked as (

    select
        unit_id,
        member_unit_id,
        new_account_id,
        count(distinct evidence_source) as link_kind_count
    from return_links
    group by unit_id, member_unit_id, new_account_id
    having count(distinct evidence_source) >= 2
        and count(distinct case when not is_behavioural then evidence_source end) >= 1

),

account_days as (

    select * from {{ ref('account_days') }}
    where activity_date <= {{ as_of_to() }}

),

-- an account that never sends a request has not come back
first_use as (

    select account_id, activity_date, surface
    from (
        select
            account_days.account_id,
            account_days.activity_date,
            account_days.surface,
            row_number() over (
                partition by account_days.account_id
                order by account_days.activity_date, account_days.request_count desc, account_days.surface
            ) as use_rank
        from account_days
        where account_days.account_id in (select new_account_id from linked)
            and account_days.request_count > 0
    ) as ranked
    where use_rank = 1

)

select
    linked.unit_id,
    linked.member_unit_id,
    linked.new_account_id,
    linked.link_kind_count,
    first_use.activity_date as returned_on,
    first_use.surface
from linked
inner join first_use on linked.new_account_id = first_use.account_id
