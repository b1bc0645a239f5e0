-- Why what is read is not landed, one row each; texts of no kind are found in files of objects alone.
select left_out_reasons.left_out_as
from left_out_reasons

union all

select 'Texts that say no kind (`object`), so none of Stripe''s' as left_out_as
from stray
