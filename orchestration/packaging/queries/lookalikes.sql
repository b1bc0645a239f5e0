select * from lookalikes order by lookalike_id
