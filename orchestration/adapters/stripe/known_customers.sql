-- Each customer in its newest state; `left_out_as` says why nothing is told of its account.
select
    states.*,
    coalesce(customer_accounts.account_id, states.id) as account_id,
    case
        when states.livemode is false then 'Stripe customers in test mode'
        when states.is_deleted or states.is_row_deleted then 'Stripe customers that were deleted'
    end as left_out_as
from newest_state('customer') as states
left join customer_accounts on states.id = customer_accounts.customer_id
