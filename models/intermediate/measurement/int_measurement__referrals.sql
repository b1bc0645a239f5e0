select
    referral_id,
    case_id,
    partner,
    sent_at,
    due_at,
    acknowledged_at,
    acted_at,
    outcome,
    is_past_due
from {{ ref('referrals') }}
