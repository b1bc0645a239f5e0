select
    case_id,
    line_count,
    unknown_line_count,
    ungraded_gates,
    strength_score,
    weakest_gate_grade,
    has_legal_dissent,
    last_assessed_at,
    strength_grade
from {{ ref('int_enforcement__case_grades') }}
where is_own_version
