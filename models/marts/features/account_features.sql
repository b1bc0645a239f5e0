{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['account_id']}
}) }}

with

usage_windows as (

    select * from {{ ref('int_features__usage') }}

),

accounts as (

    select * from {{ ref('int_accounts__as_of') }}

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

main_surface as (

    select as_of_date, account_key, surface
    from (
        select
            *,
            row_number() over (partition by as_of_date, account_key order by request_count desc, surface) as surface_rank
        from (
            select as_of_date, account_key, surface, sum(request_count) as request_count
            from ({{ rows_in_window(ref('int_usage__account_days')) }}) as daily
            group by as_of_date, account_key, surface
        ) as by_surface
    ) as ranked
    where surface_rank = 1

),

enforced as (

    select * from {{ ref('int_enforcement__accounts_in_force') }}

)

select
    usage_windows.as_of_date,
    account_keys.account_id,
    usage_windows.account_key,
    coalesce(accounts.tier, 'unknown') as tier,
    coalesce(accounts.account_type, 'unknown') as account_type,
    coalesce(accounts.declared_country, 'unknown') as declared_country,
    main_surface.surface as main_surface,
    concat_ws('/', coalesce(accounts.tier, 'unknown'), coalesce(accounts.account_type, 'unknown'), main_surface.surface)
        as peer_group,
    coalesce(accounts.tier, 'unknown') as wider_peer_group,
    accounts.account_id is not null as is_known_account,
    enforced.account_key is not null as is_enforced,
    accounts.approved_use,
    accounts.declared_use,
    accounts.kyc_status,
    accounts.organization_hash is not null as has_organization,
    accounts.created_at,
    {%- for measure in ['request_count', 'success_count', 'rate_limited_count', 'input_tokens', 'output_tokens', 'elicits_reasoning_count', 'grades_output_count', 'rewrites_sensitive_count', 'end_user_request_count'] %}
    {%- for days in [1, 7, 28] %}
    usage_windows.{{ measure }}_{{ days }}d,
    {%- endfor %}
    {%- endfor %}
    {{- windowed_share('usage_windows.rate_limited_count', 'request_count', 'rate_limited_share') }},
    {{- windowed_share('usage_windows.output_tokens', 'input_tokens', 'output_input_ratio') }},
    {{- windowed_share('usage_windows.output_tokens', 'success_count', 'output_tokens_per_request') }},
    {{- windowed_share('usage_windows.cache_read_input_tokens', 'cache_covered_input_tokens', 'cache_read_share') }},
    {{- windowed_share('usage_windows.reasoning_output_tokens', 'output_tokens', 'reasoning_output_share') }},
    {{- windowed_share('usage_windows.single_turn_count', 'single_turn_covered_count', 'single_turn_share') }},
    {{- windowed_share('usage_windows.length_cut_count', 'length_cut_covered_count', 'length_cut_share') }},
    {{- windowed_share('usage_windows.logprobs_count', 'logprobs_covered_count', 'logprobs_share') }},
    {{- windowed_share('usage_windows.multiple_choice_count', 'multiple_choice_covered_count', 'multiple_choice_share') }},
    {{- windowed_share('usage_windows.tool_request_count', 'tool_request_covered_count', 'tool_request_share') }},
    {{- windowed_share('usage_windows.elicits_reasoning_count', 'elicits_reasoning_covered_count', 'elicits_reasoning_share') }},
    {{- windowed_share('usage_windows.grades_output_count', 'grades_output_covered_count', 'grades_output_share') }},
    {{- windowed_share('usage_windows.rewrites_sensitive_count', 'rewrites_sensitive_covered_count', 'rewrites_sensitive_share') }},
    usage_windows.active_day_count_28d,
    usage_windows.surface_distinct_count_28d,
    hours.active_hour_of_day_count_28d,
    hours.active_hour_count_28d,
    hours.quiet_hours_share_28d,
    hours.hour_evenness_28d,
    hours.limited_hour_share_28d,
    cadence.gap_count_28d,
    cadence.near_median_gap_share_28d,
    cadence.gap_variation_28d,
    templates.prompt_template_distinct_count_28d,
    templates.template_request_count_28d,
    templates.slot_filled_request_count_28d,
    templates.top_template_share_28d,
    templates.slot_filled_share_28d,
    templates.template_entropy_28d,
    templates.new_prompt_count_28d,
    templates.new_prompt_share_28d,
    topics.topic_distinct_count_28d,
    topics.topic_request_count_28d,
    topics.topic_entropy_28d,
    topics.days_per_topic_28d,
    settings.parameter_set_distinct_count_28d,
    settings.top_parameter_set_share_28d,
    settings.temperature_distinct_count_28d,
    network.ip_prefix_distinct_count_28d,
    network.user_agent_distinct_count_28d,
    network.country_distinct_count_28d,
    network.ip_prefixes_per_1000_requests_28d,
    network.hosting_share_28d,
    network.undeclared_country_share_28d,
    network.unsupported_region_share_28d,
    release_pivot.pivot_request_count_28d,
    release_pivot.release_pivot_share_28d,
    billing.charge_count,
    billing.failed_charge_count,
    billing.disputed_charge_count,
    billing.accounts_per_fingerprint,
    billing.payment_method_country,
    billing.prepaid_charge_share,
    billing.failed_charge_share,
    billing.free_credit_amount,
    billing.consumed_amount,
    signup.account_age_days,
    signup.signup_burst_count,
    signup.has_disposable_domain,
    credentials.api_key_count,
    credentials.compromised_key_count,
    unfamiliar_use.settled_day_count,
    unfamiliar_use.placed_request_count_7d,
    unfamiliar_use.unfamiliar_request_count_7d,
    unfamiliar_use.familiar_request_count_7d,
    unfamiliar_use.unfamiliar_network_count_7d,
    intelligence.indicator_confidence,
    reentry.enforced_link_kind_count,
    reentry.enforced_nonbehavioural_kind_count,
    reentry.enforced_link_weight,
    contracts.is_contract_in_force,
    contracts.is_contract_scope_readable,
    contracts.contract_outside_share_28d,
    contracts.contract_outside_limit
from usage_windows
inner join account_keys on usage_windows.account_key = account_keys.account_key
{%- for relation in ['accounts', 'main_surface', 'enforced'] %}
left join {{ relation }}
    on usage_windows.as_of_date = {{ relation }}.as_of_date and usage_windows.account_key = {{ relation }}.account_key
{%- endfor %}
{%- for name in ['hours', 'cadence', 'templates', 'topics', 'settings', 'network', 'billing', 'signup', 'credentials', 'unfamiliar_use', 'intelligence', 'reentry', 'contracts'] %}
left join {{ ref('int_features__' ~ name) }} as {{ name }}
    on usage_windows.as_of_date = {{ name }}.as_of_date and usage_windows.account_key = {{ name }}.account_key
{%- endfor %}
left join {{ ref('int_features__release_pivot') }} as release_pivot
    on usage_windows.as_of_date = release_pivot.as_of_date and usage_windows.account_key = release_pivot.account_key
