-- members of the actor on the night of the evidence, and accounts that the record names
select
    account_id,
    bool_or(is_acted_on) as is_acted_on,
    bool_or(is_member) as is_member
from (
    select account_id, is_acted_on, false as is_member from named_accounts
    union all
    select account_id, false, true from actor_members where actor_id = getvariable('actor_id')
) as named
group by account_id
order by account_id
