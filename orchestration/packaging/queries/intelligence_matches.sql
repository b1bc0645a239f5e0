select * from intelligence_matches
where account_id in (select account_id from case_accounts)
order by account_id, indicator_id
