select
    account_key,
    toHour(requested_at) as hour_of_day,
    uniqExact(request_model) as model_count,
    uniqExact(prompt_template_hash) as template_count,
    uniqExact(ip_prefix_hash) as network_count
from requests
group by account_key, toHour(requested_at)
