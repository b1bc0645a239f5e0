select
    metric,
    period,
    slice,
    value,
    lower,
    upper,
    n,
    method,
    immature
from {{ source('computed', 'metric_values') }}
