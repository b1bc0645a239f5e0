select
    account_key,
    date_part('hour', requested_at) as hour_of_day,
    count(*) as request_count,
    count(case when http_status = 429 then 1 end) as rate_limited_count,
    sum(input_tokens) as input_tokens,
    sum(output_tokens) as output_tokens,
    sum(cache_read_input_tokens) as cache_read_input_tokens
from requests
group by account_key, date_part('hour', requested_at)
