select * from cases where case_id = getvariable('case_id')
