{{ config(materialized='view') }}

select cast(generated.day as date) as calendar_date
from generate_series(date '2020-01-01', date '2039-12-31', interval 1 day) as generated (day)
