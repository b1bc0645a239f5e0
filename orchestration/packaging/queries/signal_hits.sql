select *
from signal_hits
where (subject_type = 'actor' and subject_id = getvariable('actor_id'))
    or (subject_type = 'account' and subject_id in (select account_id from case_accounts))
order by subject_type, subject_id, signal_id
