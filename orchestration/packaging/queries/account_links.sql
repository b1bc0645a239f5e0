-- links between two accounts of the case
select *
from account_links
where account_id_a in (select account_id from case_accounts)
    and account_id_b in (select account_id from case_accounts)
order by account_id_a, account_id_b, link_kind
