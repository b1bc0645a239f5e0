-- earlier decided cases, nearest first
select listed.precedent_rank, cases.*
from (
    select
        unnest(string_split(precedent_case_ids, ',')) as case_id,
        generate_subscripts(string_split(precedent_case_ids, ','), 1) as precedent_rank
    from cases
    where case_id = getvariable('case_id')
) as listed
inner join cases on listed.case_id = cases.case_id
order by listed.precedent_rank
