"""Arrow schemas of the landing tables as this provider writes them.

Belongs here: column names and types, in delivery order. This provider never delivers the optional column
`location_cell`, so that readers meet an absent column. The contract of the warehouse is not imported: a provider may
not know it as code.
"""

import pyarrow as pa

_TYPES = {
    "text": pa.string(),
    "big": pa.int64(),
    "int": pa.int32(),
    "small": pa.int16(),
    "real": pa.float64(),
    "flag": pa.bool_(),
    "time": pa.timestamp("us"),
}

_COLUMNS = {
    "usage_requests": """
        request_id:text requested_at:time account_id:text api_key_id:text end_user_id:text conversation_id:text
        surface:text partner:text operation_name:text request_model:text input_tokens:big output_tokens:big
        cache_read_input_tokens:big reasoning_output_tokens:big request_temperature:real request_top_p:real
        request_max_tokens:int request_choice_count:int request_logprobs:flag request_stream:flag is_batch:flag
        thinking_enabled:flag tool_count:int finish_reason:text http_status:small latency_ms:int ip_hash:big
        ip_prefix_hash:big user_agent_hash:big asn:big country:text prompt_hash:big input_content_hash:big
        response_hash:big graded_content_hash:big input_message_count:int prompt_template_hash:big
        system_prompt_hash:big topic:text elicits_reasoning:real grades_output:real rewrites_sensitive:real
        language:text
    """,
    "accounts": """
        account_id:text created_at:time account_type:text tier:text status:text email_domain:text email_hash:big
        phone_hash:big device_hash:big signup_ip_hash:big signup_asn:big signup_country:text
        declared_country:text declared_use:text declared_monthly_volume:big rate_limit_rpm:int
        email_pattern_hash:big organization_hash:big terms_version:text terms_accepted_at:time kyc_status:text
        contract_id:text approved_use:text referred_by_account_id:text
    """,
    "api_keys": """
        api_key_id:text account_id:text created_at:time revoked_at:time reported_compromised_at:time
        last_rotated_at:time
    """,
    "contracts": """
        contract_id:text account_id:text approved_use:text scope:text valid_from:time valid_to:time
    """,
    "billing_charges": """
        charge_id:text account_id:text created_at:time amount:big currency:text status:text failure_code:text
        payment_method_fingerprint:text payment_method_funding:text payment_method_country:text
        payment_method_wallet_type:text amount_refunded:big disputed:flag dispute_reason:text
    """,
    "billing_credits": """
        credit_id:text account_id:text created_at:time kind:text amount:big currency:text
    """,
    "external_leads": """
        external_lead_id:text received_at:time origin:text subject_type:text subject_id:text indicator_type:text
        indicator_value:text tactic_id:text priority:text summary_ref:text
    """,
    "review_decisions": """
        review_id:text lead_id:text subject_type:text subject_id:text release_id:text reviewer_hash:big
        opened_at:time decided_at:time verdict:text policy_clause_id:text tactic_id:text role:text
        lookalike_id:text confidence:real is_second_review:flag rationale_ref:text
    """,
    "enforcement_actions": """
        action_id:text case_id:text account_id:text actor_id:text action_type:text surface:text partner:text
        scope:text policy_clause_id:text policy_version:text framework_version:text decided_at:time
        notice_sent_at:time effective_at:time expires_at:time reversed_at:time reversal_ground:text
        decided_by_hash:big escalation_path:text release_id:text lead_id:text rationale_ref:text
    """,
    "enforcement_appeals": """
        appeal_id:text action_id:text filed_at:time decided_at:time decided_by_hash:big outcome:text ground:text
    """,
    "case_assessments": """
        assessment_id:text case_id:text assessed_at:time assessor_role:text rubric_line:text grade:int
        dissent:flag signer_hash:big rationale_ref:text
    """,
    "case_escalations": """
        escalation_id:text case_id:text channel:text sent_at:time due_at:time decided_at:time outcome:text
        legal_hold:flag hold_released_at:time
    """,
    "attributions": """
        attribution_id:text actor_id:text version:int stated_at:time stated_by_hash:big statement_ref:text
        confidence:real source_count:int superseded_at:time
    """,
    "partner_referrals": """
        referral_id:text case_id:text partner:text sent_at:time due_at:time acknowledged_at:time acted_at:time
        outcome:text
    """,
    "intel_indicators": """
        indicator_id:text indicator_type:text value:text campaign:text source:text confidence:real
        first_seen_at:time expires_at:time
    """,
    "model_releases": """
        request_model:text released_at:time is_frontier:flag is_rival:flag
    """,
    "external_corroboration": """
        corroboration_id:text subject_type:text subject_id:text kind:text strength:real observed_at:time
        summary_ref:text
    """,
}


def _schema(columns: str) -> pa.Schema:
    pairs = (column.split(":") for column in columns.split())
    return pa.schema([(name, _TYPES[kind]) for name, kind in pairs])


SCHEMAS: dict[str, pa.Schema] = {table: _schema(columns) for table, columns in _COLUMNS.items()}
"""Schema of each of the 17 tables, by table name."""

REVIEW_TABLES: tuple[str, ...] = (
    "review_decisions",
    "enforcement_actions",
    "enforcement_appeals",
    "partner_referrals",
    "case_assessments",
    "case_escalations",
    "attributions",
)
"""Tables that hold rows only when the provider's reviewers react to a release."""
