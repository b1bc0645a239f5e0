-- account_links: holders of values, hubs cut, pairs of those who are left, and what their templates and hours say further

create or replace temp table population as
select false as is_behavioural, count(*) as account_count from accounts where is_known
union all
select true, count(*) from usage_windows;

create or replace temp table kinds as
select
    link_kinds.*,
    population.account_count,
    greatest(hub_floor, least(hub_ceiling, hub_share * population.account_count)) as most_holders
from link_kinds
inner join population on link_kinds.is_behavioural = population.is_behavioural;

-- a text is a hash here, which is all that holding the same asks for
create or replace temp table holders as
with

known as (

    select *, cast(created_at as date) as seen_on from accounts where is_known

),

held as (

    select account_key, 'device' as link_kind, device_hash as value, seen_on as first_seen_on, seen_on as last_seen_on
    from known
    where device_hash is not null
    union all
    select account_key, 'phone', phone_hash, seen_on, seen_on from known where phone_hash is not null
    union all
    select account_key, 'signup_network', signup_ip_hash, seen_on, seen_on from known where signup_ip_hash is not null
    union all
    select account_key, 'organization', organization_hash, seen_on, seen_on from known where organization_hash is not null
    union all
    select account_key, 'mail_pattern', cast(hash(email_pattern_hash, email_domain) >> 1 as bigint), seen_on, seen_on
    from known
    where email_pattern_hash is not null and email_domain is not null
    union all
    select account_key, 'payment_fingerprint', card, min(seen_on), max(seen_on) from cards group by account_key, card
    union all
    select account_key, 'traffic_network', ip_prefix, first_seen_on, last_seen_on from held_networks
    union all
    select account_key, 'rare_template', template, first_seen_on, last_seen_on
    from held_templates
    where template is not null and request_count >= 2
    union all
    select account_key, 'user_agent', user_agent, first_seen_on, last_seen_on from held_clients where request_count >= 3
    union all
    select
        account_key,
        'request_settings',
        cast(hash(concat_ws('/', request_temperature, request_top_p, request_max_tokens, request_choice_count)) >> 1 as bigint),
        first_seen_on,
        last_seen_on
    from held_settings
    where request_temperature is not null and request_max_tokens is not null and request_count >= 3
    union all
    select account_key, 'system_prompt', system_prompt, min(activity_date), max(activity_date)
    from setting_days
    where activity_date between getvariable('day') - 27 and getvariable('day') and system_prompt is not null
    group by account_key, system_prompt
    having sum(request_count) >= 3
    union all
    select account_key, 'end_user', end_user, min(activity_date), max(activity_date)
    from end_user_days
    where activity_date between getvariable('day') - 27 and getvariable('day')
    group by account_key, end_user
    having sum(request_count) >= 3

),

rare_values as (

    select
        held.link_kind,
        held.value,
        row_number() over () as value_key,
        count(*) as holder_count,
        cast(kinds.weight * ln(
            greatest(kinds.account_count, count(*)) / cast(count(*) as double)
        ) as decimal(9, 4)) as weight
    from held
    inner join kinds on held.link_kind = kinds.link_kind
    group by held.link_kind, held.value, kinds.weight, kinds.account_count, kinds.most_holders
    having count(*) between 2 and kinds.most_holders

)

select
    held.account_key,
    held.link_kind,
    held.value,
    rare_values.value_key,
    rare_values.holder_count,
    rare_values.weight,
    held.first_seen_on,
    held.last_seen_on
from held
inner join rare_values on held.link_kind = rare_values.link_kind and held.value = rare_values.value;

-- few holders all pair with each other; many do so around a ring, in an order that is the value's own
create or replace temp table ring as
with

settings_texts as (

    select distinct
        cast(hash(concat_ws('/', request_temperature, request_top_p, request_max_tokens, request_choice_count)) >> 1 as bigint)
            as value,
        concat_ws('/', request_temperature, request_top_p, request_max_tokens, request_choice_count) as value_text
    from held_settings

),

many as (

    select
        holders.*,
        accounts.account_id,
        coalesce(settings_texts.value_text, cast(holders.value as varchar)) as value_text
    from holders
    inner join accounts on holders.account_key = accounts.account_key
    left join settings_texts on holders.link_kind = 'request_settings' and holders.value = settings_texts.value
    where holders.holder_count > 64

)

select
    * exclude (account_id, value_text),
    row_number() over (partition by value_key order by md5(concat_ws('|', value_text, account_id)), account_id) - 1 as place
from many;

create or replace temp table value_pairs as
with

few_pairs as (

    select
        one.account_key as account_key_a,
        other.account_key as account_key_b,
        one.link_kind,
        one.value_key,
        one.weight,
        greatest(one.first_seen_on, other.first_seen_on) as first_seen_on,
        greatest(one.last_seen_on, other.last_seen_on) as last_seen_on
    from holders as one
    inner join holders as other on one.value_key = other.value_key and one.account_key < other.account_key
    where one.holder_count <= 64

),

steps as (

    select 1 << unnest(range(24)) as step

),

ahead as (

    select
        ring.account_key,
        ring.link_kind,
        ring.value_key,
        (ring.place + steps.step) % ring.holder_count as place
    from ring
    inner join steps on ring.holder_count > steps.step

),

-- whatever brought a pair together, all that the two hold of the kind counts
pairs as (

    select ahead.link_kind, least(ahead.account_key, ring.account_key) as account_key_a,
        greatest(ahead.account_key, ring.account_key) as account_key_b
    from ahead
    inner join ring on ahead.value_key = ring.value_key and ahead.place = ring.place
    union
    select link_kind, account_key_a, account_key_b
    from few_pairs
    where link_kind in (select link_kind from ring)

)

select * from few_pairs
union all
select
    pairs.account_key_a,
    pairs.account_key_b,
    pairs.link_kind,
    one.value_key,
    one.weight,
    greatest(one.first_seen_on, other.first_seen_on) as first_seen_on,
    greatest(one.last_seen_on, other.last_seen_on) as last_seen_on
from pairs
inner join ring as one on pairs.link_kind = one.link_kind and pairs.account_key_a = one.account_key
inner join ring as other on one.value_key = other.value_key and pairs.account_key_b = other.account_key;

create or replace temp table template_groups as
with

templates as (

    select
        holders.value_key,
        holders.value as template,
        holders.holder_count,
        kinds.account_count
    from holders
    inner join kinds on holders.link_kind = kinds.link_kind
    where holders.link_kind = 'rare_template'
    group by holders.value_key, holders.value, holders.holder_count, kinds.account_count

),

asked as (

    select templates.value_key, prompt_days.prompt, prompt_days.account_key, sum(prompt_days.request_count) as request_count
    from prompt_days
    inner join templates on prompt_days.template = templates.template
    where prompt_days.activity_date between getvariable('day') - 27 and getvariable('day')
    group by templates.value_key, prompt_days.prompt, prompt_days.account_key

),

prompts as (

    select value_key, prompt, count(*) as asking_account_count, sum(request_count) as request_count
    from asked
    group by value_key, prompt

),

prompt_use as (

    select
        value_key,
        count(*) / cast(sum(asking_account_count) as double) as prompt_disjointness,
        count(*) / cast(sum(request_count) as double) as new_prompt_share
    from prompts
    group by value_key

),

account_rates as (

    select account_key, cast(ln(request_count_28d / cast(active_day_count_28d as double)) as double) as log_rate
    from usage_windows

),

template_spreads as (

    select
        holders.value_key,
        sqrt(greatest(0.0, (
            cast(sum(cast(power(account_rates.log_rate, 2) as decimal(18, 8))) as double)
            - power(cast(sum(cast(account_rates.log_rate as decimal(18, 8))) as double), 2) / count(*)
        ) / nullif(count(*) - 1, 0))) as log_rate_spread
    from holders
    inner join account_rates on holders.account_key = account_rates.account_key
    where holders.link_kind = 'rare_template'
    group by holders.value_key

),

usual_spread as (

    select
        sqrt(greatest(0.0, (
            cast(sum(cast(power(log_rate, 2) as decimal(18, 8))) as double)
            - power(cast(sum(cast(log_rate as decimal(18, 8))) as double), 2) / count(*)
        ) / nullif(count(*) - 1, 0))) as log_rate_spread
    from account_rates
    where account_key in (select account_key from held_templates where template is not null and request_count >= 2)

),

identity_pairs as (

    select distinct account_key_a, account_key_b
    from value_pairs
    where link_kind in ('payment_fingerprint', 'device', 'phone', 'signup_network')

),

-- joined by one key, or the engine meets every holder of one end with every holder of the other first
holdings as (

    select account_key, value_key, hash(account_key, value_key) as holding_key from holders where link_kind = 'rare_template'

),

pairs_inside as (

    select one.value_key, count(*) as pair_count_inside
    from identity_pairs
    inner join holdings as one on identity_pairs.account_key_a = one.account_key
    inner join holdings as other on hash(identity_pairs.account_key_b, one.value_key) = other.holding_key
    group by one.value_key

),

judged as (

    select
        templates.value_key,
        templates.holder_count,
        coalesce(pairs_inside.pair_count_inside, 0) as identity_pair_count,
        (select count(*) from identity_pairs) * templates.holder_count * (templates.holder_count - 1.0)
            / (templates.account_count * (templates.account_count - 1.0)) as expected_pair_count,
        prompt_use.prompt_disjointness,
        prompt_use.new_prompt_share,
        template_spreads.log_rate_spread * (1 + 1.2816 / sqrt(2.0 * (templates.holder_count - 1))) as log_rate_spread,
        usual_spread.log_rate_spread as usual_log_rate_spread
    from templates
    cross join usual_spread
    left join template_spreads on templates.value_key = template_spreads.value_key
    left join pairs_inside on templates.value_key = pairs_inside.value_key
    left join prompt_use on templates.value_key = prompt_use.value_key

)

select
    value_key,
    coalesce(holder_count >= 3 and prompt_disjointness >= 0.98 and new_prompt_share >= 0.25, false) as is_divided,
    case
        when identity_pair_count >= greatest(3, 0.1 * holder_count) and identity_pair_count >= 5 * expected_pair_count
            then round(
                least(6.0, ln(identity_pair_count / greatest(expected_pair_count, 0.25)))
                + ln(greatest(1.0, holder_count / 20.0)), 6
            )
        else 0
    end as linked_weight,
    case
        when holder_count >= 10 and log_rate_spread <= 0.5 * usual_log_rate_spread
            then round(least(4.0, 2 * ln(usual_log_rate_spread / greatest(log_rate_spread, 0.05))), 6)
        else 0
    end as even_weight
from judged;

-- bursts in common of a week's hours
create or replace temp table activity_pairs as
with

pairs as (

    select distinct account_key_a, account_key_b
    from value_pairs
    where link_kind in ('rare_template', 'traffic_network')

),

paired as (

    select account_key_a as account_key from pairs
    union
    select account_key_b from pairs

),

cells as (

    select
        account_key,
        cast(activity_date - (getvariable('day') - 6) as integer) as day_number,
        cast(hour_of_day as integer) as hour_of_day,
        request_count
    from account_hours
    semi join paired using (account_key)
    where activity_date between getvariable('day') - 6 and getvariable('day')

),

by_day as (

    select account_key, day_number, sum(request_count) as request_count from cells group by account_key, day_number

),

by_hour as (

    select account_key, hour_of_day, sum(request_count) as request_count from cells group by account_key, hour_of_day

),

rhythms as (

    select account_key, sum(request_count) as request_count, bit_or(1 << day_number) as days_active
    from by_day
    group by account_key
    having sum(request_count) >= 60

),

rhythm_hours as (

    select account_key, bit_or(1 << hour_of_day) as hours_active from by_hour group by account_key

),

-- an hour without requests on a day with some is as telling; on a day or at an hour without any nothing was expected
residuals as (

    select
        by_day.account_key,
        by_day.day_number * 24 + by_hour.hour_of_day as cell_number,
        cast(by_day.request_count as double) * cast(by_hour.request_count as double) / rhythms.request_count as expected,
        (coalesce(cells.request_count, 0) - expected) / sqrt(expected) as residual
    from rhythms
    inner join by_day on rhythms.account_key = by_day.account_key
    inner join by_hour on rhythms.account_key = by_hour.account_key
    left join cells
        on by_day.account_key = cells.account_key
        and by_day.day_number = cells.day_number
        and by_hour.hour_of_day = cells.hour_of_day

),

every_cell as (

    select account_key, cell_number, residual from residuals
    union all
    select rhythms.account_key, day_number * 24 + hour_of_day, 0
    from rhythms
    inner join rhythm_hours on rhythms.account_key = rhythm_hours.account_key
    cross join range(7) as days (day_number)
    cross join range(24) as hours (hour_of_day)
    where (days_active >> day_number) & 1 = 0 or (hours_active >> hour_of_day) & 1 = 0

),

vectors as (

    select account_key, cast(list(residual order by cell_number) as float[168]) as residuals
    from every_cell
    group by account_key

),

profiles as (

    select
        rhythms.account_key,
        rhythms.days_active,
        rhythm_hours.hours_active,
        (bit_count(rhythms.days_active) - 1.0) * (bit_count(rhythm_hours.hours_active) - 1.0) as freedom,
        vectors.residuals,
        cast(array_inner_product(vectors.residuals, vectors.residuals) as double) as square_sum
    from rhythms
    inner join rhythm_hours on rhythms.account_key = rhythm_hours.account_key
    inner join vectors on rhythms.account_key = vectors.account_key

),

correlated as (

    select
        pairs.account_key_a,
        pairs.account_key_b,
        cast(bit_count(one.days_active & other.days_active) as bigint) * bit_count(one.hours_active & other.hours_active)
            as cell_count,
        one.freedom * other.freedom as freedom_product,
        (bit_count(one.days_active & other.days_active) - 1.0) * (bit_count(one.hours_active & other.hours_active) - 1.0)
            as freedom_in_common,
        least(0.99, cast(array_inner_product(one.residuals, other.residuals) as double)
            / sqrt(nullif(one.square_sum * other.square_sum, 0))) as correlation
    from pairs
    inner join profiles as one on pairs.account_key_a = one.account_key
    inner join profiles as other on pairs.account_key_b = other.account_key

)

select
    account_key_a,
    account_key_b,
    round(0.5 * ln((1 + correlation) / (1 - correlation)) * sqrt(freedom_product / freedom_in_common - 3), 6) as z
from correlated
where cell_count >= 48 and correlation > 0;

create or replace temp table account_links as
with

spans as (

    select account_key, min(first_seen_on) as first_active_on, max(last_seen_on) as last_active_on
    from held_templates
    where template is not null
    group by account_key

),

placed as (

    select distinct
        pairs.account_key_a,
        pairs.account_key_b,
        least(one.last_active_on, other.last_active_on) as stopped_on,
        least(one.first_active_on, other.first_active_on) as begun_on,
        greatest(one.first_active_on, other.first_active_on) as taken_up_on
    from value_pairs as pairs
    inner join spans as one on pairs.account_key_a = one.account_key
    inner join spans as other on pairs.account_key_b = other.account_key
    where pairs.link_kind = 'rare_template'

),

hand_offs as (

    select account_key_a, account_key_b, stopped_on as handed_over_on
    from placed
    where stopped_on <= getvariable('day') - 3
        and begun_on <= getvariable('day') - 7
        and taken_up_on > getvariable('day') - 25
        and abs(taken_up_on - stopped_on) <= 1

),

template_evidence as (

    select
        template_groups.value_key,
        derived.link_kind,
        rare_template.weight as value_weight,
        case when derived.link_kind = 'divided_template' then derived.weight else 0 end as share_weight,
        case derived.link_kind
            when 'linked_template' then derived.weight * template_groups.linked_weight
            when 'even_template' then derived.weight * template_groups.even_weight
            else 0
        end as own_weight
    from template_groups
    inner join kinds as rare_template on rare_template.link_kind = 'rare_template'
    inner join kinds as derived
        on (derived.link_kind = 'divided_template' and template_groups.is_divided)
        or (derived.link_kind = 'linked_template' and template_groups.linked_weight > 0)
        or (derived.link_kind = 'even_template' and template_groups.even_weight > 0)

),

evidence as (

    select account_key_a, account_key_b, link_kind, cast(weight as double) as weight, first_seen_on, last_seen_on
    from value_pairs
    union all
    select
        value_pairs.account_key_a,
        value_pairs.account_key_b,
        template_evidence.link_kind,
        value_pairs.weight * template_evidence.share_weight / template_evidence.value_weight + template_evidence.own_weight,
        value_pairs.first_seen_on,
        value_pairs.last_seen_on
    from value_pairs
    inner join template_evidence on value_pairs.value_key = template_evidence.value_key
    union all
    select
        activity_pairs.account_key_a,
        activity_pairs.account_key_b,
        kinds.link_kind,
        kinds.weight * least(4.0, activity_pairs.z * activity_pairs.z / 8),
        getvariable('day') - 6,
        getvariable('day')
    from activity_pairs
    inner join kinds on kinds.link_kind = 'hourly_activity'
    where activity_pairs.z >= 4
    union all
    select hand_offs.account_key_a, hand_offs.account_key_b, kinds.link_kind, kinds.weight, handed_over_on, handed_over_on
    from hand_offs
    inner join kinds on kinds.link_kind = 'hand_off'

),

weighed as (

    select
        account_key_a,
        account_key_b,
        link_kind,
        cast(least(
            1.5 * max(weight),
            max(weight) + 0.3 * (cast(sum(cast(weight as decimal(18, 6))) as double) - max(weight))
        ) as decimal(9, 4)) as weight,
        count(*) as shared_value_count,
        min(first_seen_on) as first_seen_on,
        max(last_seen_on) as last_seen_on
    from evidence
    group by account_key_a, account_key_b, link_kind

)

select
    getvariable('day') as as_of_date,
    least(one.account_id, other.account_id) as account_id_a,
    greatest(one.account_id, other.account_id) as account_id_b,
    weighed.link_kind,
    kinds.evidence_source,
    kinds.is_behavioural,
    weighed.weight,
    weighed.shared_value_count,
    weighed.first_seen_on,
    weighed.last_seen_on
from weighed
inner join kinds on weighed.link_kind = kinds.link_kind
inner join accounts as one on weighed.account_key_a = one.account_key
inner join accounts as other on weighed.account_key_b = other.account_key
where weighed.weight > 0;
