select * from escalations where case_id = getvariable('case_id') order by escalation_id
