-- accounts that the record names: acted on, or reviewed themselves
select account_id, bool_or(is_acted_on) as is_acted_on
from (
    select account_id, true as is_acted_on from actions where case_id = getvariable('case_id')
    union all
    select subject_id, false from reviews
    where subject_type = 'account' and list_contains(getvariable('lead_ids'), lead_id)
) as named
group by account_id
order by account_id
