-- What Stripe's customers tell of accounts that another system knows. Of an account's several customers the oldest one that says
-- something counts, column by column. Names and addresses are not read; of the address only the country is.
with

customers as (

    select
        known_customers.account_id,
        known_customers.id as customer_id,
        known_customers.created,
        case
            when regexp_full_match(trim(known_customers.email), '[^@\s]+@[^@\s]+\.[^@\s]+')
                then lower(trim(known_customers.email))
        end as email,
        regexp_replace(regexp_replace(known_customers.phone, '[^0-9+]', '', 'g'), '^00', '+') as phone,
        -- a field that anybody may fill in: only a country's code is taken
        case
            when regexp_full_match(trim(known_customers.address_country), '[A-Za-z]{2}')
                then upper(trim(known_customers.address_country))
        end as country
    from known_customers
    where known_customers.left_out_as is null

),

placed as (

    select
        customers.*,
        row_number() over (order by customers.created nulls last, customers.customer_id) as age_rank
    from customers

),

accounts as (

    select
        placed.account_id,
        min(placed.created) as created_at,
        arg_min(placed.email, placed.age_rank) as email,
        arg_min(nullif(placed.phone, ''), placed.age_rank) as phone,
        arg_min(placed.country, placed.age_rank) as country
    from placed
    group by placed.account_id

)

select
    accounts.account_id,
    accounts.created_at,
    split_part(accounts.email, '@', 2) as email_domain,
    accounts.email as email_hash,
    -- letters and digits masked, so that addresses made by one program show one pattern
    regexp_replace(regexp_replace(split_part(accounts.email, '@', 1), '\p{L}', 'a', 'g'), '\p{N}', '0', 'g')
        as email_pattern_hash,
    accounts.phone as phone_hash,
    accounts.country as declared_country
from accounts
