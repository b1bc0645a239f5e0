select * from actor_members
where actor_id = getvariable('actor_id') or account_id in (select account_id from case_accounts)
order by actor_id, account_id
