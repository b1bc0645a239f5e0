-- what was done in each precedent, and what of it stands
select
    case_id,
    surface,
    action_type,
    severity_rank,
    is_overturned,
    count(*) as action_count,
    count(distinct account_id) as account_count
from actions
where case_id in (
    select unnest(string_split(precedent_case_ids, ',')) from cases where case_id = getvariable('case_id')
)
group by case_id, surface, action_type, severity_rank, is_overturned
order by case_id, surface, action_type, is_overturned
