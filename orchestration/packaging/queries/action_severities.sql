-- the severity of each action type, as the release ranks it
select distinct action_type, severity_rank from actions order by severity_rank, action_type
