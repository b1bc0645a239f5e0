select *
from corroboration
where (subject_type = 'actor' and subject_id = getvariable('actor_id'))
    or (subject_type = 'case' and subject_id = getvariable('case_id'))
    or (subject_type = 'account' and subject_id in (select account_id from case_accounts))
order by corroboration_id
