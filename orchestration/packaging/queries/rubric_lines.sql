select * from rubric_lines order by rubric_version, rubric_line
