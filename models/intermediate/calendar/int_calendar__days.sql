{{ config(materialized='view') }}

select cast(generated.day as date) as calendar_date
from {{ days_through("date '2020-01-01'", "date '2039-12-31'") }}
