with

accounts as (

    select * from {{ ref('int_accounts__as_of') }}

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

identities as (

    {%- for link_kind, column in identity_values() %}
    select
        as_of_date,
        account_key,
        '{{ link_kind }}' as link_kind,
        cast({{ column }} as {{ dbt.type_string() }}) as link_value,
        cast(created_at as date) as seen_on
    from accounts
    where {{ column }} is not null
    union all
    {%- endfor %}
    -- who referred is a holder of its own referral value
    select as_of_date, account_key, 'referral' as link_kind, account_id as link_value, cast(created_at as date) as seen_on
    from accounts
    union all
    select
        as_of_date,
        account_key,
        'mail_pattern' as link_kind,
        concat_ws('@', cast(email_pattern_hash as {{ dbt.type_string() }}), email_domain) as link_value,
        cast(created_at as date) as seen_on
    from accounts
    where email_pattern_hash is not null and email_domain is not null

),

charges as (

    select
        as_of_dates.as_of_date,
        account_keys.account_key,
        'payment_fingerprint' as link_kind,
        charges.payment_method_fingerprint as link_value,
        cast(charges.created_at as date) as seen_on
    from {{ ref('int_calendar__as_of_dates') }} as as_of_dates
    inner join {{ ref('int_billing_charges__keep_states') }} as charges
        on charges.arrived_on <= as_of_dates.as_of_date
    inner join account_keys on charges.account_id = account_keys.account_id
    where charges.payment_method_fingerprint is not null

),

networks as (

    select
        as_of_date,
        account_key,
        'traffic_network' as link_kind,
        cast(ip_prefix_hash as {{ dbt.type_string() }}) as link_value,
        activity_date as seen_on
    from ({{ rows_in_window(ref('int_usage__account_network_days')) }}) as network_days
    where ip_prefix_hash is not null

),

-- what is sent with a request counts for an account that leans on it, not for one that met it once
sent as (

    {%- set network_days, setting_days = ref('int_usage__account_network_days'), ref('int_usage__account_setting_days') %}
    {%- set leaning, settings = 'minimum_leaning_requests', [
        'request_temperature', 'request_top_p', 'request_max_tokens', 'request_choice_count',
    ] %}
    {#- kind, daily relation, columns that make the value, what must be known (a lone temperature is everybody's), least requests #}
    {%- set kinds = [
        ('rare_template', ref('int_usage__account_template_days'), ['prompt_template_hash'], ['prompt_template_hash'],
            'minimum_template_requests'),
        ('user_agent', network_days, ['user_agent_hash'], ['user_agent_hash'], leaning),
        ('request_settings', setting_days, settings, ['request_temperature', 'request_max_tokens'], leaning),
        ('system_prompt', setting_days, ['system_prompt_hash'], ['system_prompt_hash'], leaning),
        ('end_user', ref('int_usage__account_end_user_days'), ['end_user_id'], ['end_user_id'], leaning),
    ] %}
    {%- for link_kind, relation, columns, known, least in kinds %}
    select
        as_of_date,
        account_key,
        '{{ link_kind }}' as link_kind,
        concat_ws('/', {{ columns | join(', ') }}) as link_value,
        min(activity_date) as first_seen_on,
        max(activity_date) as last_seen_on
    from ({{ rows_in_window(relation) }}) as daily
    where {{ known | join(' is not null and ') }} is not null
    group by as_of_date, account_key, {{ columns | join(', ') }}
    having sum(request_count) >= {{ var(least) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

seen as (

    select * from identities
    union all
    select * from charges
    union all
    select * from networks

)

select
    as_of_date,
    account_key,
    link_kind,
    link_value,
    min(seen_on) as first_seen_on,
    max(seen_on) as last_seen_on
from seen
group by as_of_date, account_key, link_kind, link_value
union all
select as_of_date, account_key, link_kind, link_value, first_seen_on, last_seen_on from sent
