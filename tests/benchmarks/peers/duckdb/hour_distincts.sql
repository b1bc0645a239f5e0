with

held as materialized (

    select
        account_key * 32 + extract(hour from requested_at) as hour_key,
        hash(request_model) as model,
        prompt_template_hash as template,
        ip_prefix_hash as network
    from requests

),

-- of one or two requests, the smallest and the greatest value say it all
extremes as materialized (

    select
        hour_key,
        count(*) as request_count,
        min(model) <> max(model) as has_models,
        min(template) <> max(template) as has_templates,
        min(network) <> max(network) as has_networks
    from held
    group by hour_key

),

counted as materialized (

    select hour_key from extremes where request_count > 2 and (has_models or has_templates or has_networks)

),

-- one pass with three groupings instead of three sets of distinct values in every hour
distinct_values as (

    select hour_key, grouping(model, template, network) as others
    from held
    semi join counted on held.hour_key = counted.hour_key
    group by grouping sets ((hour_key, model), (hour_key, template), (hour_key, network))

)

select
    hour_key // 32 as account_key,
    hour_key % 32 as hour_of_day,
    1 + cast(has_models as bigint) as model_count,
    1 + cast(has_templates as bigint) as template_count,
    1 + cast(has_networks as bigint) as network_count
from extremes
anti join counted on extremes.hour_key = counted.hour_key

union all

select
    hour_key // 32 as account_key,
    hour_key % 32 as hour_of_day,
    count_if(others = 3) as model_count,
    count_if(others = 5) as template_count,
    count_if(others = 6) as network_count
from distinct_values
group by hour_key
