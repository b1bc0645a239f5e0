-- each signal's record over all reviewed subjects
select * from signal_performance where group_kind = 'all' order by signal_id, ruleset_version, group_value
