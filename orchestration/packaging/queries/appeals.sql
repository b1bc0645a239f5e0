select * from appeals where case_id = getvariable('case_id') order by appeal_id
