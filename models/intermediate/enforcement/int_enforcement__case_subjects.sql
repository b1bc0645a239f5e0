with

case_leads as (

    select * from {{ ref('int_enforcement__case_leads') }}

),

leads as (

    select * from {{ ref('int_review__leads') }}

),

verdicts as (

    select * from {{ ref('int_review__verdicts') }}

),

-- a release's id begins with its as-of date; what does not is another's id and tells nothing
seen as (

    select
        case_leads.case_id,
        leads.lead_id,
        leads.subject_type,
        leads.subject_id,
        leads.last_queued_on,
        verdicts.release_id,
        cast(verdicts.decided_at as date) as decided_on,
        try_cast(substr(verdicts.release_id, 1, 10) as date) as release_date
    from case_leads
    inner join leads on case_leads.lead_id = leads.lead_id
    left join verdicts on case_leads.lead_id = verdicts.lead_id

)

-- the night a reviewer saw: that of the release named, else the last one the lead was queued; never after the verdict
select
    case_id,
    lead_id,
    subject_type,
    subject_id,
    release_id,
    least(coalesce(release_date, last_queued_on), coalesce(decided_on, release_date, last_queued_on)) as seen_on
from seen
