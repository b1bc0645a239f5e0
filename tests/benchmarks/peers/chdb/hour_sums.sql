select
    account_key,
    toHour(requested_at) as hour_of_day,
    count(*) as request_count,
    countIf(http_status = 429) as rate_limited_count,
    sum(input_tokens) as input_tokens,
    sum(output_tokens) as output_tokens,
    sum(cache_read_input_tokens) as cache_read_input_tokens
from requests
group by account_key, toHour(requested_at)
