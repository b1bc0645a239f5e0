select cast(generated.day as date) as as_of_date
from generate_series({{ as_of_from() }}, {{ as_of_to() }}, interval 1 day) as generated (day)
