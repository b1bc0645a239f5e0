with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('review_queue') }}

),

queued_accounts as (

    select review_queue.subject_id as account_id
    from {{ ref('review_queue') }} as review_queue
    inner join tonight on review_queue.as_of_date = tonight.as_of_date
    where review_queue.subject_type = 'account'

    union

    select actor_members.account_id
    from {{ ref('actor_members') }} as actor_members
    inner join tonight on actor_members.as_of_date = tonight.as_of_date
    inner join {{ ref('review_queue') }} as review_queue
        on actor_members.as_of_date = review_queue.as_of_date and actor_members.actor_id = review_queue.subject_id

)

select
    account_features.tier,
    count(*) as account_count,
    count(queued_accounts.account_id) as queued_account_count,
    sum(account_features.output_tokens_28d) as output_tokens_28d,
    sum(case when queued_accounts.account_id is null then 0 else account_features.output_tokens_28d end)
        as queued_output_tokens_28d,
    sum(case when queued_accounts.account_id is null then 0 else account_features.output_tokens_28d end)
    / nullif(sum(account_features.output_tokens_28d), 0) as queued_share
from {{ ref('account_features') }} as account_features
inner join tonight on account_features.as_of_date = tonight.as_of_date
left join queued_accounts on account_features.account_id = queued_accounts.account_id
group by account_features.tier
order by sum(account_features.output_tokens_28d) desc, account_features.tier
