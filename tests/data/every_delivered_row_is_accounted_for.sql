-- In = out + quarantined, for every landing table and arrival day of the run.
select * from {{ ref('int_quarantine__intake') }}
where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
    and (delivered_count <> accepted_count + repeated_count + quarantined_count or repeated_count < 0)
