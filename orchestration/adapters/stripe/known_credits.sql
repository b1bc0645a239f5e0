-- Each entry of credit in its newest state, with the contract's kind where Stripe says which it is. Credit of other kinds is left
-- out rather than guessed: an adjustment may be a gift, a correction or money, and Stripe marks no trial.
with

states as (

    select
        entries.*,
        coalesce(entries.object, 'customer_balance_transaction') as source_kind
    from newest_state('credit_entry') as entries

),

-- what is drawn from a grant names the grant, and the grant its customer
customers as (

    select
        states.*,
        coalesce(states.customer_id, grants.customer_id) as owner_id
    from states
    left join states as grants on states.credit_grant_id = grants.id

),

owned as (

    select
        customers.*,
        coalesce(customer_accounts.account_id, customers.owner_id) as account_id,
        case
            -- a grant that was voided later was granted all the same
            when customers.source_kind = 'billing.credit_grant' and customers.category = 'paid' then 'prepaid'
            when customers.source_kind = 'billing.credit_grant' and customers.category = 'promotional' then 'promotional'
            when customers.source_kind = 'billing.credit_balance_transaction' and customers.debit_type = 'credits_applied'
                then 'consumption'
            when customers.source_kind = 'customer_balance_transaction' and customers.amount > 0
                then case when customers.type = 'applied_to_invoice' then 'consumption' end
            when customers.source_kind = 'customer_balance_transaction' and customers.type = 'credit_note' then 'refund'
            when customers.source_kind = 'customer_balance_transaction'
                and customers.type in ('invoice_overpaid', 'unspent_receiver_credit') then 'prepaid'
        end as kind,
        coalesce(customers.debit_type, customers.credit_type, customers.type, customers.category) as word
    from customers
    left join customer_accounts on customers.owner_id = customer_accounts.customer_id

)

select
    owned.id,
    owned.account_id,
    owned.created,
    owned.kind,
    abs(owned.amount) as amount,
    lower(owned.currency) as currency,
    case
        when owned.livemode is false then 'Stripe credits in test mode'
        when owned.is_row_deleted then 'Stripe credits that were deleted'
        when owned.kind is null
            then 'Stripe credits of a kind the contract has none for: '
                -- it is printed, so that only a word of Stripe's own passes
                || concat_ws(' ', owned.source_kind, case when regexp_full_match(owned.word, '[a-z_]+') then owned.word end)
        when owned.amount is null then 'Stripe credits that are no money'
        when owned.account_id is null then 'Stripe credits whose grant or customer is not in the export'
    end as left_out_as
from owned
