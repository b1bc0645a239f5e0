-- an actor's evidence: its own signals, and its members' pooled with diminishing returns
with

evidence as (

    select * from {{ ref('int_signals__evidence') }}

),

registry as (

    select * from {{ ref('signal_registry') }}

),

members as (

    select as_of_date, actor_id, account_id from {{ source('computed', 'actor_members') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

member_evidence as (

    select
        members.as_of_date,
        members.actor_id,
        evidence.signal_id,
        evidence.value,
        evidence.baseline,
        evidence.evidence,
        evidence.resale_evidence
    from members
    inner join evidence
        on members.as_of_date = evidence.as_of_date
        and members.account_id = evidence.subject_id
        and evidence.subject_type = 'account'

),

-- the mean over all members, so that one loud member does not speak for the rest; more members that agree raise it slowly
pooled as (

    select
        as_of_date,
        actor_id,
        signal_id,
        median(value) as value,
        median(baseline) as baseline,
        sum(evidence) / cast(count(*) as double) as mean_evidence,
        sum(resale_evidence) / cast(count(*) as double) as mean_resale_evidence,
        least(2, 1 + 0.5 * ln(greatest(1, {{ count_where('evidence <> 0 or resale_evidence <> 0') }}))) as agreement
    from member_evidence
    group by as_of_date, actor_id, signal_id

),

subjects as (

    select as_of_date, subject_type, subject_id, signal_id, value, baseline, evidence, resale_evidence
    from evidence
    where evidence <> 0 or resale_evidence <> 0

    union all

    select
        pooled.as_of_date,
        'actor' as subject_type,
        pooled.actor_id as subject_id,
        pooled.signal_id,
        pooled.value,
        pooled.baseline,
        {{ as_decimal('registry.hypothesis_sign * least(registry.cap, abs(pooled.mean_evidence) * pooled.agreement)', 9, 4) }}
            as evidence,
        {{ as_decimal('registry.hypothesis_sign * least(registry.cap, abs(pooled.mean_resale_evidence) * pooled.agreement)', 9, 4) }}
            as resale_evidence
    from pooled
    inner join registry on pooled.signal_id = registry.signal_id
    where pooled.mean_evidence <> 0 or pooled.mean_resale_evidence <> 0

)

select
    subjects.as_of_date,
    subjects.subject_type,
    subjects.subject_id,
    subjects.signal_id,
    registry.signal_version,
    registry.status as signal_status,
    registry.family,
    subjects.value,
    subjects.baseline,
    subjects.evidence,
    subjects.resale_evidence
from subjects
inner join registry on subjects.signal_id = registry.signal_id
