{#
  The accounts that hold the value of an indicator, as a select of every column of the relation, and account_key. The relation in
  scope has `as_of_date`, `indicator_type` and the value column named.
#}
{% macro accounts_of_indicators(relation, value) -%}
    select {{ relation }}.*, accounts.account_key
    from {{ ref('int_accounts__as_of') }} as accounts
    inner join {{ relation }}
        on accounts.as_of_date = {{ relation }}.as_of_date
        and {{ relation }}.{{ value }} = case {{ relation }}.indicator_type
            when 'account_id' then accounts.account_id
            when 'email_domain' then accounts.email_domain
            when 'device_hash' then cast(accounts.device_hash as {{ dbt.type_string() }})
            when 'ip_hash' then cast(accounts.signup_ip_hash as {{ dbt.type_string() }})
            when 'asn' then cast(accounts.signup_asn as {{ dbt.type_string() }})
        end

    union all

    select {{ relation }}.*, holders.account_key
    from {{ ref('int_links__account_values') }} as holders
    inner join {{ relation }}
        on holders.as_of_date = {{ relation }}.as_of_date
        and holders.link_kind = 'payment_fingerprint'
        and {{ relation }}.indicator_type = 'payment_method_fingerprint'
        and holders.link_text = {{ relation }}.{{ value }}

    union all

    select {{ relation }}.*, holders.account_key
    from {{ ref('int_links__account_values') }} as holders
    inner join {{ relation }}
        on holders.as_of_date = {{ relation }}.as_of_date
        and holders.link_kind = 'rare_template'
        and {{ relation }}.indicator_type = 'prompt_template_hash'
        and holders.link_value = try_cast({{ relation }}.{{ value }} as bigint)
{%- endmacro %}
