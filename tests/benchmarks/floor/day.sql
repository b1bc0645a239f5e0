-- what arrived on a day: accounts and cards, the requests once each, and their sums by account and day of activity

create or replace temp table extract as
select * from read_parquet(getvariable('accounts_files'), union_by_name = true);

insert into accounts (account_key, account_id, is_known)
select
    coalesce((select max(account_key) from accounts), 0) + row_number() over (order by account_id),
    account_id,
    false
from (
    select account_id from extract
    union
    select account_id from read_parquet(getvariable('requests_files'), union_by_name = true)
) as delivered
where account_id not in (select account_id from accounts);

merge into accounts
using extract
on accounts.account_id = extract.account_id
when matched and (
    not accounts.is_known
    or row(
        accounts.created_at, accounts.account_type, accounts.tier, accounts.declared_country, accounts.kyc_status,
        accounts.email_domain, accounts.phone_hash, accounts.device_hash, accounts.signup_ip_hash,
        accounts.email_pattern_hash, accounts.organization_hash
    ) is distinct from row(
        extract.created_at, extract.account_type, extract.tier, extract.declared_country, extract.kyc_status,
        extract.email_domain, extract.phone_hash, extract.device_hash, extract.signup_ip_hash,
        extract.email_pattern_hash, extract.organization_hash
    )
) then update set
    is_known = true,
    created_at = extract.created_at,
    account_type = extract.account_type,
    tier = extract.tier,
    declared_country = extract.declared_country,
    kyc_status = extract.kyc_status,
    email_domain = extract.email_domain,
    phone_hash = extract.phone_hash,
    device_hash = extract.device_hash,
    signup_ip_hash = extract.signup_ip_hash,
    email_pattern_hash = extract.email_pattern_hash,
    organization_hash = extract.organization_hash;

insert into cards
select accounts.account_key, cast(hash(charges.payment_method_fingerprint) >> 1 as bigint), cast(charges.created_at as date)
from read_parquet(getvariable('charges_files'), union_by_name = true) as charges
inner join accounts on charges.account_id = accounts.account_id
where charges.payment_method_fingerprint is not null;

insert into lanes
select
    coalesce((select max(lane_key) from lanes), 0) + row_number() over (order by surface, partner),
    surface,
    partner
from (
    select distinct surface, coalesce(partner, '') as partner
    from read_parquet(getvariable('requests_files'), union_by_name = true)
) as delivered
where (surface, partner) not in (select (surface, partner) from lanes);

create or replace temp table requests as
select
    hash(delivered.request_id) as request_hash,
    accounts.account_key,
    cast(delivered.requested_at as date) as activity_date,
    delivered.requested_at,
    lanes.lane_key,
    delivered.surface <> 'chat' as has_settings,
    cast(hash(delivered.end_user_id) >> 1 as bigint) as end_user,
    delivered.end_user_id is not null as has_end_user,
    delivered.request_model,
    delivered.input_tokens,
    delivered.output_tokens,
    delivered.cache_read_input_tokens,
    delivered.reasoning_output_tokens,
    delivered.request_temperature,
    delivered.request_top_p,
    delivered.request_max_tokens,
    delivered.request_choice_count,
    delivered.request_logprobs,
    delivered.tool_count,
    delivered.finish_reason,
    delivered.http_status,
    delivered.ip_prefix_hash as ip_prefix,
    delivered.user_agent_hash as user_agent,
    delivered.asn,
    delivered.country,
    delivered.prompt_hash as prompt,
    delivered.input_message_count,
    delivered.prompt_template_hash as template,
    delivered.system_prompt_hash as system_prompt,
    case when delivered.topic is not null then cast(hash(delivered.topic) >> 1 as bigint) end as topic,
    delivered.elicits_reasoning,
    delivered.grades_output,
    delivered.rewrites_sensitive,
    delivered.language
from read_parquet(getvariable('requests_files'), union_by_name = true) as delivered
inner join accounts on delivered.account_id = accounts.account_id
inner join lanes on delivered.surface = lanes.surface and coalesce(delivered.partner, '') = lanes.partner;

delete from requests
where rowid in (
    select copy
    from (
        select rowid as copy, row_number() over (partition by request_hash order by rowid) as copy_number
        from requests
        where request_hash in (select request_hash from requests group by request_hash having count(*) > 1)
    ) as copies
    where copy_number > 1
);

insert into account_day_sums
select
    account_key,
    activity_date,
    lane_key,
    count(*),
    count_if(http_status < 400),
    count_if(http_status >= 400),
    count_if(http_status = 429),
    sum(input_tokens),
    sum(output_tokens),
    sum(cache_read_input_tokens),
    sum(case when cache_read_input_tokens is not null then input_tokens end),
    sum(reasoning_output_tokens),
    count_if(input_message_count = 1),
    count(input_message_count),
    count_if(finish_reason = 'length'),
    count(finish_reason),
    count_if(request_logprobs),
    count(request_logprobs),
    count_if(request_choice_count > 1),
    count(request_choice_count),
    count_if(tool_count > 0),
    count(tool_count),
    count_if(elicits_reasoning >= 0.5),
    count(elicits_reasoning),
    count_if(grades_output >= 0.5),
    count(grades_output),
    count_if(rewrites_sensitive >= 0.5),
    count(rewrites_sensitive),
    count_if(has_end_user),
    min(requested_at),
    max(requested_at)
from requests
group by account_key, activity_date, lane_key;

create or replace temp table day_hours as
select
    account_key,
    activity_date,
    cast(extract(hour from requested_at) as utinyint) as hour_of_day,
    count(*) as request_count,
    count_if(http_status = 429) as rate_limited_count
from requests
group by account_key, activity_date, hour_of_day;

-- few rows are late, and once they are added to their own hour an hour is one row for good
merge into account_hours
using (select * from day_hours where activity_date < getvariable('day')) as late
on account_hours.activity_date >= getvariable('day') - 3
and account_hours.account_key = late.account_key
and account_hours.activity_date = late.activity_date
and account_hours.hour_of_day = late.hour_of_day
when matched then update set
    request_count = account_hours.request_count + late.request_count,
    rate_limited_count = account_hours.rate_limited_count + late.rate_limited_count
when not matched then insert values (
    late.account_key, late.activity_date, late.hour_of_day, late.request_count, late.rate_limited_count
);

insert into account_hours select * from day_hours where activity_date = getvariable('day');

create or replace temp table day_topics as
select account_key, activity_date, topic, count(*) as request_count
from requests
where topic is not null
group by account_key, activity_date, topic;

merge into topic_days
using (select * from day_topics where activity_date < getvariable('day')) as late
on topic_days.activity_date >= getvariable('day') - 3
and topic_days.account_key = late.account_key
and topic_days.activity_date = late.activity_date
and topic_days.topic = late.topic
when matched then update set request_count = topic_days.request_count + late.request_count
when not matched then insert values (late.account_key, late.activity_date, late.topic, late.request_count);

insert into topic_days select * from day_topics where activity_date = getvariable('day');

create or replace temp table touched as select distinct account_key, activity_date from requests;

-- cadence: a day that late rows touch is measured anew over all of its rows
delete from request_times where activity_date < getvariable('day') - 3;

insert into request_times select account_key, activity_date, epoch_us(requested_at) // 1000 from requests;

delete from cadence_days
using touched
where cadence_days.activity_date >= getvariable('day') - 3
    and cadence_days.account_key = touched.account_key
    and cadence_days.activity_date = touched.activity_date;

insert into cadence_days
with

gaps as (

    select
        account_key,
        activity_date,
        requested_ms - lag(requested_ms) over (partition by account_key, activity_date order by requested_ms) as gap_ms
    from request_times
    semi join touched using (account_key, activity_date)

),

medians as (

    select account_key, activity_date, median(gap_ms) as median_gap_ms
    from gaps
    where gap_ms is not null
    group by account_key, activity_date

)

select
    account_key,
    activity_date,
    count(*),
    count_if(abs(gap_ms - median_gap_ms) <= 0.1 * median_gap_ms),
    sum(gap_ms),
    sum(cast(gap_ms as hugeint) * gap_ms)
from gaps
inner join medians using (account_key, activity_date)
where gap_ms is not null
group by account_key, activity_date;

-- prompts, and which of them the account had not sent on an earlier day
create or replace temp table day_prompts as
select
    account_key,
    activity_date,
    lane_key,
    template,
    prompt,
    count(*) as request_count,
    count_if(input_message_count = 1) as single_turn_count
from requests
group by account_key, activity_date, lane_key, template, prompt;

insert into prompt_days
select account_key, activity_date, lane_key, template, prompt, request_count
from day_prompts
where prompt is not null;

create or replace temp table repeats as
select distinct account_key, activity_date, prompt
from (
    select day_prompts.account_key, day_prompts.activity_date, day_prompts.prompt, seen.activity_date as seen_on
    from prompt_days as seen
    inner join day_prompts on seen.account_key = day_prompts.account_key and seen.prompt = day_prompts.prompt
    where seen.activity_date > getvariable('day') - 31
) as met
where seen_on < activity_date and seen_on > activity_date - 28;

insert into template_days
select
    day_prompts.account_key,
    day_prompts.activity_date,
    day_prompts.lane_key,
    day_prompts.template,
    sum(day_prompts.request_count),
    sum(day_prompts.single_turn_count),
    sum(case when day_prompts.prompt is not null then day_prompts.request_count else 0 end),
    count_if(day_prompts.prompt is not null and repeats.prompt is null)
from day_prompts
left join repeats
    on day_prompts.account_key = repeats.account_key
    and day_prompts.activity_date = repeats.activity_date
    and day_prompts.prompt = repeats.prompt
group by day_prompts.account_key, day_prompts.activity_date, day_prompts.lane_key, day_prompts.template;

insert into language_days
select account_key, activity_date, language, count(*)
from requests
where language is not null
group by account_key, activity_date, language;

insert into model_days
select account_key, activity_date, request_model, count(*)
from requests
group by account_key, activity_date, request_model;

insert into end_user_days
select account_key, activity_date, end_user, count(*)
from requests
where has_end_user
group by account_key, activity_date, end_user;

insert into network_days
select account_key, activity_date, lane_key, ip_prefix, asn, country, user_agent, count(*)
from requests
group by account_key, activity_date, lane_key, ip_prefix, asn, country, user_agent;

insert into setting_days
select
    account_key,
    activity_date,
    request_temperature,
    request_top_p,
    request_max_tokens,
    request_choice_count,
    system_prompt,
    count(*)
from requests
where has_settings
group by
    account_key, activity_date, request_temperature, request_top_p, request_max_tokens, request_choice_count, system_prompt;
