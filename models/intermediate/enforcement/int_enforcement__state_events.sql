with

appeal_states as (

    select
        appeals.*,
        actions.case_id,
        actions.account_id,
        actions.surface,
        actions.partner
    from {{ ref('int_enforcement_appeals__keep_states') }} as appeals
    left join {{ ref('int_enforcement__action_states') }} as actions on appeals.action_id = actions.action_id

),

reviews as (
{{ state_events(
    ref('int_review_decisions__keep_states'), 'review_id', 'review',
    {
        'review_opened': {'at': 'opened_at', 'by': 'reviewer_hash'},
        'review_decided': {'at': 'decided_at', 'by': 'reviewer_hash', 'detail': 'verdict'},
    },
    case_id='lead_id', release_id='release_id',
) }}
),

assessments as (
{{ state_events(
    ref('int_case_assessments__keep_states'), 'assessment_id', 'assessment',
    {'assessed': {
        'at': 'assessed_at', 'by': 'signer_hash',
        'detail': "concat_ws(' ', assessor_role, rubric_line, grade, case when dissent then 'dissents' end)",
    }},
) }}
),

escalations as (
{{ state_events(
    ref('int_case_escalations__keep_states'), 'escalation_id', 'escalation',
    {
        'escalation_sent': {'at': 'sent_at', 'detail': 'channel'},
        'escalation_due': {'at': 'due_at', 'detail': 'channel'},
        'escalation_decided': {'at': 'decided_at', 'detail': "concat_ws(' ', channel, outcome)"},
        'hold_placed': {'at': 'case when legal_hold then sent_at end', 'detail': 'channel'},
        'hold_released': {'at': 'hold_released_at', 'detail': 'channel'},
    },
) }}
),

actions as (
{{ state_events(
    ref('int_enforcement_actions__keep_states'), 'action_id', 'action',
    {
        'action_decided': {'at': 'decided_at', 'by': 'decided_by_hash', 'detail': 'action_type'},
        'action_notified': {'at': 'notice_sent_at', 'detail': 'action_type'},
        'action_effective': {'at': 'effective_at', 'detail': 'action_type'},
        'action_expires': {'at': 'expires_at', 'detail': 'action_type'},
        'action_reversed': {'at': 'reversed_at', 'detail': "concat_ws(' ', action_type, reversal_ground)"},
    },
    account_id='account_id', surface='surface', partner='partner', release_id='release_id',
) }}
),

appeals as (
{{ state_events(
    'appeal_states', 'appeal_id', 'appeal',
    {
        'appeal_filed': {'at': 'filed_at'},
        'appeal_decided': {'at': 'decided_at', 'by': 'decided_by_hash', 'detail': "concat_ws(' ', outcome, ground)"},
    },
    account_id='account_id', surface='surface', partner='partner',
) }}
),

referrals as (
{{ state_events(
    ref('int_partner_referrals__keep_states'), 'referral_id', 'referral',
    {
        'referral_sent': {'at': 'sent_at'},
        'referral_due': {'at': 'due_at'},
        'referral_acknowledged': {'at': 'acknowledged_at'},
        'referral_acted': {'at': 'acted_at', 'detail': 'outcome'},
    },
    surface="'partner_cloud'", partner='partner',
) }}
),

gathered as (

    select * from reviews
    union all
    select * from assessments
    union all
    select * from escalations
    union all
    select * from actions
    union all
    select * from appeals
    union all
    select * from referrals

),

-- the newest state that tells of an event says the rest of it
newest as (

    select
        *,
        row_number() over (partition by record_kind, record_id, event, event_at order by arrived_on desc) as telling_rank,
        min(arrived_on) over (partition by record_kind, record_id, event, event_at) as learned_on
    from gathered
    where event_at is not null

)

select
    record_kind,
    record_id,
    case_id,
    event,
    event_at,
    learned_on,
    next_arrived_on as withdrawn_on,
    account_id,
    surface,
    partner,
    by_hash,
    release_id,
    event_detail
from newest
where telling_rank = 1
