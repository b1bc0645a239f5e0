select * from policy_clause_elements
where policy_clause_id = getvariable('clause_id')
order by clause_version, element_id
