with

templates as (

    select
        account_key,
        count(*) as template_count,
        max(request_count) / cast(sum(request_count) as double) as top_template_share,
        ln(sum(request_count)) - sum(request_count * ln(request_count)) / sum(request_count) as template_entropy
    from (select account_key, prompt_template_hash, count(*) as request_count from requests group by account_key, prompt_template_hash) as counts
    group by account_key

),

topics as (

    select
        account_key,
        count(*) as topic_count,
        max(request_count) / cast(sum(request_count) as double) as top_topic_share,
        ln(sum(request_count)) - sum(request_count * ln(request_count)) / sum(request_count) as topic_entropy
    from (select account_key, topic, count(*) as request_count from requests group by account_key, topic) as counts
    group by account_key

)

select
    templates.account_key as account_key,
    template_count,
    top_template_share,
    template_entropy,
    topic_count,
    top_topic_share,
    topic_entropy
from templates
inner join topics on templates.account_key = topics.account_key
