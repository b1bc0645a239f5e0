-- What is read and not landed, by reason.
with

reasons as (

    select left_out_reasons.left_out_as from left_out_reasons

)

select
    reasons.left_out_as as about,
    count(*) as row_count
from reasons
group by reasons.left_out_as
order by reasons.left_out_as
