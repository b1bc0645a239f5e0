-- count(distinct) keeps a set in every hour, and takes many times as long here
with

held as (

    select account_key, date_part('hour', requested_at) as hour_of_day, request_model, prompt_template_hash, ip_prefix_hash
    from requests

),

models as (

    select account_key, hour_of_day, count(*) as model_count
    from (select distinct account_key, hour_of_day, request_model from held) as distinct_models
    group by account_key, hour_of_day

),

templates as (

    select account_key, hour_of_day, count(*) as template_count
    from (select distinct account_key, hour_of_day, prompt_template_hash from held) as distinct_templates
    group by account_key, hour_of_day

),

networks as (

    select account_key, hour_of_day, count(*) as network_count
    from (select distinct account_key, hour_of_day, ip_prefix_hash from held) as distinct_networks
    group by account_key, hour_of_day

)

select
    models.account_key as account_key,
    models.hour_of_day as hour_of_day,
    model_count,
    template_count,
    network_count
from models
inner join templates on models.account_key = templates.account_key and models.hour_of_day = templates.hour_of_day
inner join networks on models.account_key = networks.account_key and models.hour_of_day = networks.hour_of_day
