select * from attributions where actor_id = getvariable('actor_id') order by version, attribution_id
