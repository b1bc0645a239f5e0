select cast(generated.day as date) as as_of_date
from {{ days_through(as_of_from(), as_of_to()) }}
