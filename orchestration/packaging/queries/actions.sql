select * from actions where case_id = getvariable('case_id') order by action_id
