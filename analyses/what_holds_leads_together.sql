with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('review_queue') }}

),

members as (

    select
        actor_members.actor_id,
        actor_members.account_id
    from {{ ref('actor_members') }} as actor_members
    inner join tonight on actor_members.as_of_date = tonight.as_of_date
    inner join {{ ref('review_queue') }} as review_queue
        on actor_members.as_of_date = review_queue.as_of_date and actor_members.actor_id = review_queue.subject_id

)

select
    members.actor_id,
    account_links.link_kind,
    account_links.is_behavioural,
    count(*) as pair_count,
    count(distinct members.account_id) as account_count,
    sum(account_links.weight) as total_weight,
    min(account_links.first_seen_on) as first_seen_on
from members
inner join {{ ref('account_links') }} as account_links on members.account_id = account_links.account_id_a
inner join tonight on account_links.as_of_date = tonight.as_of_date
inner join members as others
    on account_links.account_id_b = others.account_id and members.actor_id = others.actor_id
group by members.actor_id, account_links.link_kind, account_links.is_behavioural
order by members.actor_id, sum(account_links.weight) desc, account_links.link_kind
