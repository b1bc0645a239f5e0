select
    account_key,
    extract(hour from requested_at) as hour_of_day,
    count(*) as request_count,
    count_if(http_status = 429) as rate_limited_count,
    cast(sum(input_tokens) as bigint) as input_tokens,
    cast(sum(output_tokens) as bigint) as output_tokens,
    cast(sum(cache_read_input_tokens) as bigint) as cache_read_input_tokens
from requests
group by account_key, extract(hour from requested_at)
