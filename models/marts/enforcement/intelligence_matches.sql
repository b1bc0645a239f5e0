{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['account_id', 'indicator_id']}
}) }}

with

-- live on the as-of date, weighed down by age as the feature `indicator_confidence` is; a data test holds the two together
live_indicators as (

    select
        *,
        date_diff('day', cast(first_seen_at as date), as_of_date) as age_days,
        confidence * power(0.5, date_diff('day', cast(first_seen_at as date), as_of_date) / 30.0) as aged_confidence
    from {{ states_as_of(ref('int_intel_indicators__keep_states'), 'indicator_id') }} as states
    where cast(first_seen_at as date) <= as_of_date
        and (expires_at is null or cast(expires_at as date) > as_of_date)

),

accounts as (

    select * from {{ ref('int_accounts__as_of') }}

),

link_values as (

    select
        as_of_date,
        account_key,
        link_value,
        case link_kind
            when 'payment_fingerprint' then 'payment_method_fingerprint'
            when 'rare_template' then 'prompt_template_hash'
        end as indicator_type
    from {{ ref('int_links__account_values') }}
    where link_kind in ('payment_fingerprint', 'rare_template')

),

held_values as (

    {%- set columns = {
        'account_id': 'account_id', 'email_domain': 'email_domain', 'device_hash': 'device_hash', 'ip_hash': 'signup_ip_hash',
        'asn': 'signup_asn',
    } %}
    {%- for indicator_type, column in columns.items() %}
    select
        as_of_date,
        account_id,
        '{{ indicator_type }}' as indicator_type,
        cast({{ column }} as {{ dbt.type_string() }}) as held_value
    from accounts
    where {{ column }} is not null
    union all
    {%- endfor %}
    select
        link_values.as_of_date,
        accounts.account_id,
        link_values.indicator_type,
        link_values.link_value as held_value
    from link_values
    inner join accounts
        on link_values.as_of_date = accounts.as_of_date and link_values.account_key = accounts.account_key

)

select
    held_values.as_of_date,
    held_values.account_id,
    live_indicators.indicator_id,
    live_indicators.indicator_type,
    live_indicators.campaign,
    live_indicators.source,
    live_indicators.confidence,
    live_indicators.first_seen_at,
    live_indicators.expires_at,
    live_indicators.age_days,
    live_indicators.aged_confidence
from held_values
inner join live_indicators
    on held_values.as_of_date = live_indicators.as_of_date
    and held_values.indicator_type = live_indicators.indicator_type
    and held_values.held_value = live_indicators.value
