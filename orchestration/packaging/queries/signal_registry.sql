select * from signal_registry order by signal_id
