-- Grants and consumption of credit.
with

credits as (

    select * from known_credits
    where left_out_as is null

)

select
    credits.id as credit_id,
    credits.account_id,
    credits.created as created_at,
    credits.kind,
    credits.amount,
    credits.currency
from credits
