with

judged as (

    select * from {{ ref('int_measurement__leads') }}
    where verdict in ('violation', 'benign')

),

-- what the reviewer could see: the evidence of the last night the lead was queued
fired as (

    select
        judged.lead_id,
        signal_hits.signal_id,
        signal_hits.signal_version,
        signal_hits.evidence
    from judged
    inner join {{ ref('signal_hits') }} as signal_hits
        on judged.subject_type = signal_hits.subject_type
        and judged.subject_id = signal_hits.subject_id
        and judged.last_queued_on = signal_hits.as_of_date

)

select
    fired.signal_id,
    fired.signal_version,
    fired.lead_id,
    fired.evidence,
    judged.subject_type,
    judged.subject_id,
    judged.country,
    judged.tier,
    judged.surface,
    judged.decided_at,
    judged.last_queued_on,
    judged.verdict = 'violation' as is_violation
from fired
inner join judged on fired.lead_id = judged.lead_id
