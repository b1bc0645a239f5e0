select *
from read_parquet(getvariable('release') || '/parquet/actor_events/*.parquet', hive_partitioning = false)
where actor_id = getvariable('actor_id') or other_actor_id = getvariable('actor_id')
order by as_of_date, actor_id, event, other_actor_id
