{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}
{%- set columns = landed_columns('accounts') %}

with

extracts as (

    select
        *,
        {{ row_fingerprint(columns) }} as fingerprint,
        {{ content_text(columns) }} as content
    from {{ ref('stg_provider__accounts') }}
    where fault is null
        and arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

-- two extracts of one day may disagree: the greatest content is kept, whatever the order of files
one_a_day as (

    select *
    from (
        select
            *,
            row_number() over (partition by account_id, arrived_on order by content desc) as copy_rank
        from extracts
    ) as ranked
    where copy_rank = 1

),

latest_known as (

    {% if is_incremental() -%}
    select account_id, fingerprint
    from {{ latest_state(this, 'account_id', as_of=arrived_from() ~ ' - 1') }}
    {%- else -%}
    select cast(null as {{ dbt.type_string() }}) as account_id, cast(null as {{ fingerprint_type() }}) as fingerprint where false
    {%- endif %}

),

with_previous as (

    select
        one_a_day.*,
        coalesce(
            lag(one_a_day.fingerprint) over (partition by one_a_day.account_id order by one_a_day.arrived_on),
            latest_known.fingerprint
        ) as previous_fingerprint
    from one_a_day
    left join latest_known on one_a_day.account_id = latest_known.account_id

)

select
{%- for column in columns %}
    {{ column }},
{%- endfor %}
    fingerprint,
    arrived_on
from with_previous
where previous_fingerprint is null or previous_fingerprint <> fingerprint
