select
    case_id,
    precedent_case_id,
    precedent_rank,
    distance,
    clause_distance,
    tactic_distance,
    scale_distance,
    strength_distance,
    precedent_decided_at,
    precedent_action_type,
    is_overturned,
    is_support
from {{ ref('int_enforcement__precedents') }}
