-- bursts in common: hour by hour correlation of what an account's own days and hours do not explain
{%- set days, hours = 7, 24 %}
{%- set counts = {'day_number': [], 'hour_of_day': []} %}
{%- for column, length in [('day_number', days), ('hour_of_day', hours)] %}
    {%- for number in range(length) %}
        {%- do counts[column].append(
            'cast(sum(case when ' ~ column ~ ' = ' ~ number ~ ' then request_count else 0 end) as double)'
        ) %}
    {%- endfor %}
{%- endfor %}
with

pairs as (

    select distinct as_of_date, account_key_a, account_key_b
    from {{ ref('int_links__value_pairs') }}
    where link_kind in ('rare_template', 'traffic_network')

),

paired as (

    select as_of_date, account_key_a as account_key from pairs
    union
    select as_of_date, account_key_b as account_key from pairs

),

cells as (

    select
        paired.as_of_date,
        paired.account_key,
        cast({{ days_between('paired.as_of_date - ' ~ (days - 1), 'account_hours.activity_date') }} as integer) as day_number,
        account_hours.hour_of_day,
        sum(account_hours.request_count) as request_count
    from paired
    inner join {{ ref('int_usage__account_hours') }} as account_hours
        on paired.account_key = account_hours.account_key
        and account_hours.activity_date between paired.as_of_date - {{ days - 1 }} and paired.as_of_date
        and account_hours.arrived_on <= paired.as_of_date
    where account_hours.activity_date > {{ as_of_from() }} - {{ days }}
    group by paired.as_of_date, paired.account_key, account_hours.activity_date, account_hours.hour_of_day

),

-- an account's days and hours of the day; sixty requests in a week are the least that show a rhythm
rhythms as (

    select
        as_of_date,
        account_key,
        sum(request_count) as request_count,
        {{ list_of(counts.day_number) }} as day_counts,
        {{ list_of(counts.hour_of_day) }} as hour_counts,
        bit_or(cast(power(2, day_number) as integer)) as days_active,
        bit_or(cast(power(2, hour_of_day) as integer)) as hours_active
    from cells
    group by as_of_date, account_key
    having sum(request_count) >= 60

),

cell_numbers as (

    select
        cast(generated.number as integer) as cell_number,
        cast(floor(generated.number / cast({{ hours }} as double)) as integer) as day_number,
        cast(generated.number % {{ hours }} as integer) as hour_of_day
    from {{ numbers_through(0, days * hours - 1) }}

),

expected as (

    select
        rhythms.as_of_date,
        rhythms.account_key,
        cell_numbers.cell_number,
        {{ element_of('rhythms.day_counts', 'cell_numbers.day_number') }}
        * {{ element_of('rhythms.hour_counts', 'cell_numbers.hour_of_day') }} / rhythms.request_count as request_count
    from rhythms
    cross join cell_numbers

),

-- Pearson residuals against (day total x hour total / total): office hours and weekends are in the expectation
residuals as (

    select
        expected.as_of_date,
        expected.account_key,
        expected.cell_number,
        case when expected.request_count > 0
            then (coalesce(cells.request_count, 0) - expected.request_count) / sqrt(expected.request_count)
            else 0
        end as residual
    from expected
    left join cells
        on expected.as_of_date = cells.as_of_date
        and expected.account_key = cells.account_key
        and expected.cell_number = {{ hours }} * cells.day_number + cells.hour_of_day

),

vectors as (

    select as_of_date, account_key, {{ vector_of('residual', 'cell_number', days * hours) }} as residuals
    from residuals
    group by as_of_date, account_key

),

profiles as (

    select
        rhythms.as_of_date,
        rhythms.account_key,
        rhythms.days_active,
        rhythms.hours_active,
        cast(bit_count(rhythms.days_active) - 1 as double) * (bit_count(rhythms.hours_active) - 1) as freedom,
        vectors.residuals,
        {{ dot_product('vectors.residuals', 'vectors.residuals') }} as square_sum
    from rhythms
    inner join vectors on rhythms.as_of_date = vectors.as_of_date and rhythms.account_key = vectors.account_key

),

-- totals by day and by hour are in the expectation, which leaves (days - 1) x (hours - 1) residuals free
correlated as (

    select
        pairs.as_of_date,
        pairs.account_key_a,
        pairs.account_key_b,
        cast(bit_count(one.days_active & other.days_active) as bigint) * bit_count(one.hours_active & other.hours_active)
            as cell_count,
        one.freedom * other.freedom as freedom_product,
        cast(bit_count(one.days_active & other.days_active) - 1 as double) * (bit_count(one.hours_active & other.hours_active) - 1)
            as freedom_in_common,
        least(
            0.99, {{ dot_product('one.residuals', 'other.residuals') }} / sqrt(nullif(one.square_sum * other.square_sum, 0))
        ) as correlation
    from pairs
    inner join profiles as one on pairs.as_of_date = one.as_of_date and pairs.account_key_a = one.account_key
    inner join profiles as other on pairs.as_of_date = other.as_of_date and pairs.account_key_b = other.account_key

),

-- where one of the two is never active neither says anything; independent accounts then have correlations of variance
-- common / (one x other), and Fisher's z of as many is normal with unit variance
scaled as (

    select
        *,
        {{ rounded('0.5 * ln((1 + correlation) / (1 - correlation)) * sqrt(freedom_product / freedom_in_common - 3)', 6) }} as z
    from correlated
    where cell_count >= 48 and correlation > 0

)

select
    as_of_date,
    account_key_a,
    account_key_b,
    cell_count,
    {{ rounded('correlation', 6) }} as correlation,
    z
from scaled
where z >= 4
