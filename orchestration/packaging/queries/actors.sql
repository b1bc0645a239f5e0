select * from actors where actor_id = getvariable('actor_id')
