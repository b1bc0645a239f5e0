select * from policy_clauses where policy_clause_id = getvariable('clause_id') order by clause_version
