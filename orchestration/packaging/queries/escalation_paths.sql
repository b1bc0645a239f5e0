select * from escalation_paths order by framework_version, path_id
