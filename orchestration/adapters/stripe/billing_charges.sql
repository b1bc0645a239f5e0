-- Charges as Stripe holds them: amounts are minor units already, and those of currencies without any are as they are. What Stripe
-- says of risk (level, score, rules, evaluations of accounts) has no column in the contract and is not read.
with

charges as (

    select * from known_charges
    where left_out_as is null

),

-- how a charge was paid: what it says itself, else the instrument that it names
candidates as (

    select
        charges.id as charge_id,
        1 as place_in_order,
        instruments.* exclude (charge_id)
    from charges
    inner join instruments on charges.id = instruments.charge_id

    union all

    select
        charges.id as charge_id,
        list_position(
            [charges.payment_method_id, charges.card_id, charges.bank_account_id, charges.source_id], instruments.instrument_id
        ) + 1 as place_in_order,
        instruments.* exclude (charge_id)
    from charges
    cross join unnest([charges.payment_method_id, charges.card_id, charges.bank_account_id, charges.source_id]) as named (id)
    inner join instruments on named.id = instruments.instrument_id

),

paid_with as (

    select * from candidates
    qualify row_number() over (
        partition by charge_id
        order by fingerprint is null, place_in_order, state_at desc nulls last, place desc nulls last, candidates desc
    ) = 1

),

newest_refunds as (

    select * from newest_state('refund')

),

refunded as (

    select
        newest_refunds.charge_id,
        sum(newest_refunds.amount) as amount
    from newest_refunds
    where newest_refunds.status = 'succeeded' and not coalesce(newest_refunds.is_row_deleted, false)
    group by newest_refunds.charge_id

),

newest_disputes as (

    select * from newest_state('dispute')

),

-- a bank's inquiry (`warning_...`) and an early warning of fraud are no disputes; one that was won was a dispute
disputed as (

    select
        newest_disputes.charge_id,
        arg_max(newest_disputes.reason, (newest_disputes.created, newest_disputes.id)) as reason
    from newest_disputes
    where coalesce(newest_disputes.status, '') not like 'warning%'
        and not coalesce(newest_disputes.is_row_deleted, false)
        and newest_disputes.charge_id is not null
    group by newest_disputes.charge_id

),

-- without a word on a charge, silence is "not disputed" only where disputes are exported
exported as (

    select count(*) > 0 as has_disputes from dispute

)

select
    charges.id as charge_id,
    charges.account_id,
    charges.created as created_at,
    charges.amount,
    lower(charges.currency) as currency,
    charges.status,
    case
        when charges.status = 'failed' and charges.outcome_type = 'blocked'
            -- declined for its risk before a bank saw it: Stripe's code says just that the card was declined
            then coalesce(charges.outcome_reason, charges.outcome_network_status, charges.failure_code)
        when charges.status = 'failed'
            then coalesce(charges.failure_code, charges.outcome_reason, charges.outcome_network_status)
    end as failure_code,
    coalesce(token_cards.card_fingerprint, paid_with.fingerprint) as payment_method_fingerprint,
    paid_with.funding as payment_method_funding,
    paid_with.country as payment_method_country,
    paid_with.wallet_type as payment_method_wallet_type,
    -- either may be older than the other
    greatest(charges.amount_refunded, refunded.amount) as amount_refunded,
    case
        when charges.disputed or disputed.charge_id is not null then true
        when charges.disputed is not null or exported.has_disputes then false
    end as disputed,
    case when charges.disputed or disputed.charge_id is not null then coalesce(disputed.reason, charges.dispute_reason) end
        as dispute_reason
from charges
cross join exported
left join paid_with on charges.id = paid_with.charge_id
left join token_cards on paid_with.fingerprint = token_cards.fingerprint
left join refunded on charges.id = refunded.charge_id
left join disputed on charges.id = disputed.charge_id
