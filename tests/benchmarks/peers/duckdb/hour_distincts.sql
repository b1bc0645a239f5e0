with

-- numbers are compared faster than texts
models as (

    select request_model, cast(row_number() over () as integer) as model
    from (select distinct request_model from requests) as distinct_models

),

held as materialized (

    select
        requests.account_key,
        cast(extract(hour from requests.requested_at) as utinyint) as hour_of_day,
        models.model,
        requests.prompt_template_hash as template,
        requests.ip_prefix_hash as network
    from requests
    inner join models on requests.request_model = models.request_model

),

-- of two values, the exclusive or says whether they differ
hours as materialized (

    select
        account_key,
        hour_of_day,
        count(*) > 2 as has_many,
        1 + cast(count(*) = 2 and bit_xor(model) <> 0 as bigint) as model_count,
        1 + cast(count(*) = 2 and bit_xor(template) <> 0 as bigint) as template_count,
        1 + cast(count(*) = 2 and bit_xor(network) <> 0 as bigint) as network_count
    from held
    group by account_key, hour_of_day

),

-- of the few hours with more requests: one pass with three groupings instead of three sets of values in every hour
distinct_values as (

    select held.account_key, held.hour_of_day, grouping(held.model, held.template, held.network) as others
    from held
    semi join (select account_key, hour_of_day from hours where has_many) as many
        on held.account_key = many.account_key and held.hour_of_day = many.hour_of_day
    group by grouping sets (
        (held.account_key, held.hour_of_day, held.model),
        (held.account_key, held.hour_of_day, held.template),
        (held.account_key, held.hour_of_day, held.network)
    )

)

select account_key, hour_of_day, model_count, template_count, network_count
from hours
where not has_many

union all

select
    account_key,
    hour_of_day,
    count(case when others = 3 then 1 end) as model_count,
    count(case when others = 5 then 1 end) as template_count,
    count(case when others = 6 then 1 end) as network_count
from distinct_values
group by account_key, hour_of_day
