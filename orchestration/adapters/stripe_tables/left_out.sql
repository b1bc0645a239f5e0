-- Why what is read is not landed, one row each.
select left_out_reasons.left_out_as
from left_out_reasons
