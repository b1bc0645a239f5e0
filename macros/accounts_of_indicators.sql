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
{#- values by which accounts are linked: kind of link, type of indicator, what the holder has, what it equals #}
{%- set named = relation ~ '.' ~ value %}
{%- for link_kind, indicator_type, held, equal_to in [
    ('payment_fingerprint', 'payment_method_fingerprint', 'link_text', named),
    ('rare_template', 'prompt_template_hash', 'link_value', 'try_cast(' ~ named ~ ' as bigint)'),
] %}

    union all

    select {{ relation }}.*, holders.account_key
    from {{ ref('int_links__account_values') }} as holders
    inner join {{ relation }}
        on holders.as_of_date = {{ relation }}.as_of_date
        and holders.link_kind = '{{ link_kind }}'
        and {{ relation }}.indicator_type = '{{ indicator_type }}'
        and holders.{{ held }} = {{ equal_to }}
{%- endfor %}
{%- endmacro %}
