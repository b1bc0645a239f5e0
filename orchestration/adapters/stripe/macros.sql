-- The newest state of each object of a relation: the latest moment that is told, else the last place in the files. The row itself
-- breaks what ties are left, so that two reads of the same files choose alike.
create or replace temp macro newest_state(relation) as table
select given.*
from query_table(relation) as given
where given.id is not null
qualify row_number() over (
    partition by given.id
    order by given.state_at desc nulls last, given.place desc nulls last, given desc
) = 1;
