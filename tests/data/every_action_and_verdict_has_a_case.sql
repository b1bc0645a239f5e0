select 'action' as kind, actions.action_id as id
from {{ ref('actions') }} as actions
left join {{ ref('cases') }} as cases on actions.case_id = cases.case_id
where cases.case_id is null
union all
select 'lead' as kind, verdicts.lead_id as id
from {{ ref('int_review__verdicts') }} as verdicts
inner join {{ ref('int_review__leads') }} as leads on verdicts.lead_id = leads.lead_id
left join {{ ref('int_enforcement__case_leads') }} as case_leads on verdicts.lead_id = case_leads.lead_id
where case_leads.case_id is null
