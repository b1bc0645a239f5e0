with

-- most are asked once, and the logarithm of one is nothing; `sum` takes 128 bits
templates as (

    select
        account_key,
        count(*) as template_count,
        max(request_count) as top_template_request_count,
        cast(sum_no_overflow(request_count) as bigint) as request_count,
        sum(case when request_count > 1 then request_count * ln(request_count) else 0 end) as template_log_sum
    from (
        select account_key, prompt_template_hash, cast(count(*) as integer) as request_count
        from requests
        group by account_key, prompt_template_hash
    ) as counts
    group by account_key

),

topics as (

    select
        account_key,
        count(*) as topic_count,
        max(request_count) as top_topic_request_count,
        sum(case when request_count > 1 then request_count * ln(request_count) else 0 end) as topic_log_sum
    from (
        select account_key, topic, cast(count(*) as integer) as request_count
        from requests
        group by account_key, topic
    ) as counts
    group by account_key

)

select
    templates.account_key as account_key,
    template_count,
    top_template_request_count / cast(request_count as double) as top_template_share,
    ln(request_count) - template_log_sum / request_count as template_entropy,
    topic_count,
    top_topic_request_count / cast(request_count as double) as top_topic_share,
    ln(request_count) - topic_log_sum / request_count as topic_entropy
from templates
inner join topics on templates.account_key = topics.account_key
