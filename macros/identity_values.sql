{#- What an account was opened with that can tie another to it: kind of link and the account's column. #}
{% macro identity_values() %}
    {{- return([
        ('device', 'device_hash'), ('phone', 'phone_hash'), ('signup_network', 'signup_ip_hash'),
        ('organization', 'organization_hash'), ('referral', 'referred_by_account_id'),
    ]) }}
{% endmacro %}
