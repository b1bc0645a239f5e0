-- Every payment instrument that is described: on a charge as it was then, as a payment method, a card or a bank account. A number
-- is a token's where the last digits of a device's account number are given, which Stripe gives of tokens alone.
with

payment_methods as (

    select
        payment_method.id as payment_method_id,
        max(payment_method.customer_id) as customer_id
    from payment_method
    group by payment_method.id

),

described as (

    select
        charge.id as charge_id,
        null as instrument_id,
        charge.customer_id,
        charge.fingerprint,
        charge.funding,
        charge.country,
        charge.wallet_type,
        charge.brand,
        charge.last_4,
        charge.dynamic_last_4,
        charge.state_at,
        charge.place
    from charge

    union all

    select
        payment_method_card.charge_id,
        payment_method_card.payment_method_id as instrument_id,
        payment_methods.customer_id,
        payment_method_card.fingerprint,
        payment_method_card.funding,
        payment_method_card.country,
        payment_method_card.wallet_type,
        payment_method_card.brand,
        payment_method_card.last_4,
        payment_method_card.dynamic_last_4,
        payment_method_card.state_at,
        payment_method_card.place
    from payment_method_card
    left join payment_methods on payment_method_card.payment_method_id = payment_methods.payment_method_id

    union all

    select
        null as charge_id,
        card.id as instrument_id,
        card.customer_id,
        card.fingerprint,
        card.funding,
        card.country,
        -- the name of before
        case when card.tokenization_method = 'android_pay' then 'google_pay' else card.tokenization_method end as wallet_type,
        card.brand,
        card.last_4,
        card.dynamic_last_4,
        card.state_at,
        card.place
    from card

    union all

    select
        null as charge_id,
        bank_account.id as instrument_id,
        bank_account.customer_id,
        bank_account.fingerprint,
        null as funding,
        bank_account.country,
        null as wallet_type,
        null as brand,
        null as last_4,
        null as dynamic_last_4,
        bank_account.state_at,
        bank_account.place
    from bank_account

)

select
    described.charge_id,
    described.instrument_id,
    described.customer_id,
    described.fingerprint,
    lower(described.funding) as funding,
    upper(described.country) as country,
    lower(described.wallet_type) as wallet_type,
    lower(described.brand) as brand,
    -- a spreadsheet drops leading zeros
    lpad(described.last_4, 4, '0') as last_4,
    described.dynamic_last_4 is not null as is_token,
    described.state_at,
    described.place
from described
