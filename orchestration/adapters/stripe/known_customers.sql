-- Each customer in its newest state; `left_out_as` says why nothing is told of its account.
with

states as (

    select * from customer
    where customer.id is not null
    qualify row_number() over (
        partition by customer.id
        order by customer.state_at desc nulls last, customer.place desc nulls last, customer desc
    ) = 1

)

select
    states.*,
    coalesce(customer_accounts.account_id, states.id) as account_id,
    case
        when states.livemode is false then 'Stripe customers in test mode'
        when states.is_deleted or states.is_row_deleted then 'Stripe customers that were deleted'
    end as left_out_as
from states
left join customer_accounts on states.id = customer_accounts.customer_id
