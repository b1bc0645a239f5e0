-- The account that each customer names: the first of the metadata in `account_from` that is there, in its newest state that names
-- one, since a deleted customer comes without its metadata and its charges stay.
with

customers as (

    select
        customer.id as customer_id,
        customer.state_at,
        customer.place,
        try_cast(customer.metadata as map(varchar, varchar)) as metadata
    from customer
    where customer.id is not null

),

named as (

    select
        customers.customer_id,
        customers.state_at,
        customers.place,
        list_filter(
            list_transform(getvariable('account_from'), lambda name: nullif(trim(customers.metadata[name]), '')),
            lambda account: account is not null
        )[1] as account_id
    from customers

),

newest as (

    select
        named.customer_id,
        named.account_id
    from named
    where named.account_id is not null
    qualify row_number() over (
        partition by named.customer_id
        order by named.state_at desc nulls last, named.place desc nulls last, named.account_id desc
    ) = 1

)

select * from newest
