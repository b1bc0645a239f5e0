-- Each charge in its newest state, with its account: what its customer names, else what the charge itself names, else the
-- customer's own id. The last joins to no usage, unless usage calls its accounts by Stripe's customers; nothing is lost, and the
-- row comes again under the right account once the metadata say one. `left_out_as` says why a charge is not landed.
with

states as (

    select
        charges.*,
        try_cast(charges.metadata as map(varchar, varchar)) as named
    from newest_state('charge') as charges

),

owned as (

    select
        states.* exclude (named),
        coalesce(
            customer_accounts.account_id,
            list_filter(
                list_transform(getvariable('account_from'), lambda name: nullif(trim(states.named[name]), '')),
                lambda account: account is not null
            )[1],
            states.customer_id
        ) as account_id
    from states
    left join customer_accounts on states.customer_id = customer_accounts.customer_id

),

judged as (

    select
        owned.*,
        case
            when owned.livemode is false then 'Stripe charges in test mode'
            when owned.is_deleted or owned.is_row_deleted then 'Stripe charges that were deleted'
            -- a guest's payment is nobody's account: one made of its card would join to no usage, and to strangers of that card
            when owned.account_id is null then 'Stripe charges of guests, which name neither a customer nor an account'
        end as left_out_as
    from owned

)

select * from judged
