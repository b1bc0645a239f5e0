select * from account_features where account_id in (select account_id from case_accounts) order by account_id
