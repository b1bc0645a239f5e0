select
    tactic,
    surface,
    active_signal_count,
    last_confirmed_hit_on
from {{ ref('tactic_coverage') }}
