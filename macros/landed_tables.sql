{# Name and key column of every landing table. Generated from orchestration/contract/landing.yml by `make docs`; edit that file. #}
{% macro landed_tables() %}
{{ return([
    {'name': 'usage_requests', 'key': 'request_id'},
    {'name': 'accounts', 'key': 'account_id'},
    {'name': 'api_keys', 'key': 'api_key_id'},
    {'name': 'contracts', 'key': 'contract_id'},
    {'name': 'billing_charges', 'key': 'charge_id'},
    {'name': 'billing_credits', 'key': 'credit_id'},
    {'name': 'external_leads', 'key': 'external_lead_id'},
    {'name': 'review_decisions', 'key': 'review_id'},
    {'name': 'enforcement_actions', 'key': 'action_id'},
    {'name': 'enforcement_appeals', 'key': 'appeal_id'},
    {'name': 'case_assessments', 'key': 'assessment_id'},
    {'name': 'case_escalations', 'key': 'escalation_id'},
    {'name': 'attributions', 'key': 'attribution_id'},
    {'name': 'partner_referrals', 'key': 'referral_id'},
    {'name': 'intel_indicators', 'key': 'indicator_id'},
    {'name': 'model_releases', 'key': 'request_model'},
    {'name': 'external_corroboration', 'key': 'corroboration_id'},
]) }}
{% endmacro %}
