{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['subject_type', 'subject_id', 'signal_id']}
}) }}

with

pooled as (

    select * from {{ ref('int_signals__pooled') }}

),

families as (

    select * from {{ ref('signal_families') }}

),

ranked as (

    select
        pooled.*,
        cast(families.cap as double) as family_cap,
        row_number() over (
            partition by pooled.as_of_date, pooled.subject_type, pooled.subject_id, pooled.family
            order by abs(case when pooled.signal_status = 'active' then pooled.evidence else 0 end) desc, pooled.signal_id
        ) as evidence_rank,
        row_number() over (
            partition by pooled.as_of_date, pooled.subject_type, pooled.subject_id, pooled.family
            order by abs(case when pooled.signal_status = 'active' then pooled.resale_evidence else 0 end) desc, pooled.signal_id
        ) as resale_evidence_rank
    from pooled
    inner join families on pooled.family = families.family

),

discounted as (

    select
        *,
        sum(abs(evidence) * case when signal_status <> 'active' then 0 when evidence_rank = 1 then 1 else 0.3 end)
            over (partition by as_of_date, subject_type, subject_id, family) as family_sum,
        sum(abs(resale_evidence) * case when signal_status <> 'active' then 0 when resale_evidence_rank = 1 then 1 else 0.3 end)
            over (partition by as_of_date, subject_type, subject_id, family) as resale_family_sum
    from ranked

)

select
    as_of_date,
    subject_type,
    subject_id,
    signal_id,
    signal_version,
    family,
    signal_status as status,
    value,
    baseline,
    evidence,
    case when signal_status = 'active'
        then {{ capped_contribution('evidence', 'evidence_rank', 'family_sum', 'family_cap') }}
        else cast(0 as decimal(9, 4))
    end as contribution,
    resale_evidence,
    case when signal_status = 'active'
        then {{ capped_contribution('resale_evidence', 'resale_evidence_rank', 'resale_family_sum', 'family_cap') }}
        else cast(0 as decimal(9, 4))
    end as resale_contribution
from discounted
-- pooled evidence too small for four decimals is none
where evidence <> 0 or resale_evidence <> 0
