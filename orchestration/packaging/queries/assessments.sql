select * from assessments where case_id = getvariable('case_id') order by rubric_line, assessed_at, assessment_id
