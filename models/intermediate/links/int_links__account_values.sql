-- only equality is asked of a value, so that a text is looked for as an integer
with

accounts as (

    select * from {{ ref('int_accounts__as_of') }}

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

identities as (

    {%- for link_kind, column in identity_values() if link_kind != 'referral' %}
    select as_of_date, account_key, '{{ link_kind }}' as link_kind, {{ column }} as link_value, cast(created_at as date) as seen_on
    from accounts
    where {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

worded_identities as (

    -- who referred is a holder of its own referral value
    select as_of_date, account_key, 'referral' as link_kind, account_id as link_text, cast(created_at as date) as seen_on
    from accounts
    union all
    select as_of_date, account_key, 'referral' as link_kind, referred_by_account_id as link_text, cast(created_at as date) as seen_on
    from accounts
    where referred_by_account_id <> account_id
    union all
    select
        as_of_date,
        account_key,
        'mail_pattern' as link_kind,
        concat_ws('@', cast(email_pattern_hash as {{ dbt.type_string() }}), email_domain) as link_text,
        cast(created_at as date) as seen_on
    from accounts
    where email_pattern_hash is not null and email_domain is not null

),

charges as (

    select
        as_of_dates.as_of_date,
        account_keys.account_key,
        'payment_fingerprint' as link_kind,
        charges.payment_method_fingerprint as link_text,
        min(cast(charges.created_at as date)) as first_seen_on,
        max(cast(charges.created_at as date)) as last_seen_on
    from {{ ref('int_calendar__as_of_dates') }} as as_of_dates
    inner join {{ ref('int_billing_charges__keep_states') }} as charges
        on charges.arrived_on <= as_of_dates.as_of_date
    inner join account_keys on charges.account_id = account_keys.account_id
    where charges.payment_method_fingerprint is not null
    group by as_of_dates.as_of_date, account_keys.account_key, charges.payment_method_fingerprint

),

-- what is sent with a request counts for an account that leans on it, not for one that met it once; where from, at once
{%- set network_days, setting_days = ref('int_usage__account_network_days'), ref('int_usage__account_setting_days') %}
{%- set leaning = var('minimum_leaning_requests') %}
{#- kind, daily relation, its column, least requests #}
{%- set kinds = [
    ('traffic_network', network_days, 'ip_prefix_hash', 1),
    ('rare_template', ref('int_usage__account_template_days'), 'prompt_template_hash', var('minimum_template_requests')),
    ('user_agent', network_days, 'user_agent_hash', leaning),
    ('system_prompt', setting_days, 'system_prompt_hash', leaning),
] %}
sent as (

    {%- for link_kind, relation, column, least in kinds %}
    select
        as_of_date,
        account_key,
        '{{ link_kind }}' as link_kind,
        {{ column }} as link_value,
        min(activity_date) as first_seen_on,
        max(activity_date) as last_seen_on
    from ({{ rows_in_window(relation) }}) as daily
    where {{ column }} is not null
    group by as_of_date, account_key, {{ column }}
    having sum(request_count) >= {{ least }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- a lone temperature is everybody's
{%- set settings = ['request_temperature', 'request_top_p', 'request_max_tokens', 'request_choice_count'] | join(', ') %}
worded_sent as (

    select
        as_of_date,
        account_key,
        'request_settings' as link_kind,
        concat_ws('/', {{ settings }}) as link_text,
        min(activity_date) as first_seen_on,
        max(activity_date) as last_seen_on
    from ({{ rows_in_window(setting_days) }}) as daily
    where request_temperature is not null and request_max_tokens is not null
    group by as_of_date, account_key, {{ settings }}
    having sum(request_count) >= {{ leaning }}
    union all
    select
        as_of_date,
        account_key,
        'end_user' as link_kind,
        end_user_id as link_text,
        min(activity_date) as first_seen_on,
        max(activity_date) as last_seen_on
    from ({{ rows_in_window(ref('int_usage__account_end_user_days')) }}) as daily
    where end_user_id is not null
    group by as_of_date, account_key, end_user_id
    having sum(request_count) >= {{ leaning }}

),

numbers as (

    select as_of_date, account_key, link_kind, link_value, seen_on as first_seen_on, seen_on as last_seen_on from identities
    union all
    select as_of_date, account_key, link_kind, link_value, first_seen_on, last_seen_on from sent

),

texts as (

    select as_of_date, account_key, link_kind, link_text, seen_on as first_seen_on, seen_on as last_seen_on
    from worded_identities
    union all
    select as_of_date, account_key, link_kind, link_text, first_seen_on, last_seen_on from charges
    union all
    select as_of_date, account_key, link_kind, link_text, first_seen_on, last_seen_on from worded_sent

)

select
    as_of_date,
    account_key,
    link_kind,
    link_value,
    cast(null as {{ dbt.type_string() }}) as link_text,
    first_seen_on,
    last_seen_on
from numbers
union all
select as_of_date, account_key, link_kind, {{ value_number('link_text') }} as link_value, link_text, first_seen_on, last_seen_on
from texts
