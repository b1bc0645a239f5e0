with

hours as (

    select
        account_key,
        cast(extract(hour from requested_at) as utinyint) as hour_of_day,
        -- both counts in one: the limited requests of an hour from its 33rd bit on
        cast(sum_no_overflow(case when http_status = 429 then 4294967297 else 1 end) as bigint) as counts,
        -- in 64 bits, as the other engines add; `sum` takes 128
        cast(sum_no_overflow(input_tokens) as bigint) as input_tokens,
        cast(sum_no_overflow(output_tokens) as bigint) as output_tokens,
        cast(sum_no_overflow(cache_read_input_tokens) as bigint) as cache_read_input_tokens
    from requests
    group by account_key, hour_of_day

)

select
    account_key,
    hour_of_day,
    counts & 4294967295 as request_count,
    counts >> 32 as rate_limited_count,
    input_tokens,
    output_tokens,
    cache_read_input_tokens
from hours
