-- Why what is read is not landed, one row each.
with

reasons as (

    select known_charges.left_out_as from known_charges

    union all

    select known_customers.left_out_as from known_customers

    union all

    select known_credits.left_out_as from known_credits

    union all

    select 'Stripe charges without an id' as left_out_as
    from charge
    where charge.id is null

    union all

    select 'Stripe credits without an id' as left_out_as
    from credit_entry
    where credit_entry.id is null

    union all

    select 'Stripe customers without an id' as left_out_as
    from customer
    where customer.id is null

)

select reasons.left_out_as
from reasons
where reasons.left_out_as is not null
