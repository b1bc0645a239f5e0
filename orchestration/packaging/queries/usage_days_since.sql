-- usage of the case's accounts after the night of the evidence, as the later release has it
select
    activity_date,
    surface,
    partner,
    count(distinct account_id) as account_count,
    cast(sum(request_count) as bigint) as request_count,
    cast(sum(success_count) as bigint) as success_count,
    cast(sum(input_tokens) as bigint) as input_tokens,
    cast(sum(output_tokens) as bigint) as output_tokens
from read_parquet(getvariable('release') || '/parquet/account_days/*.parquet', hive_partitioning = false)
where account_id in (select account_id from case_accounts)
    and activity_date > cast(getvariable('evidence_as_of') as date)
group by activity_date, surface, partner
order by activity_date, surface, partner
