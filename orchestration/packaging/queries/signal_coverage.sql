select * from signal_coverage order by signal_id
