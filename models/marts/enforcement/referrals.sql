with

referrals_landed as (

    select * from {{ latest_state(ref('int_partner_referrals__keep_states'), 'referral_id') }} as latest_states

),

known_cases as (

    select distinct case_id from {{ ref('int_enforcement__case_leads') }}
    where is_landed and lead_id is not null

),

case_actors as (

    select case_id, max(actor_id) as actor_id
    from {{ ref('int_enforcement__action_states') }}
    group by case_id

),

partners as (

    select * from {{ ref('partners') }}

)

select
    referrals_landed.referral_id,
    referrals_landed.case_id,
    referrals_landed.partner,
    referrals_landed.sent_at,
    referrals_landed.due_at,
    referrals_landed.acknowledged_at,
    referrals_landed.acted_at,
    referrals_landed.outcome,
    referrals_landed.arrived_on as state_arrived_on,
    known_cases.case_id is not null as is_known_case,
    case_actors.actor_id,
    coalesce(referrals_landed.acted_at is null and referrals_landed.outcome is null and referrals_landed.due_at < {{ as_of_to() }} + 1, false) as is_past_due,
    {{ hours_between('referrals_landed.sent_at', 'referrals_landed.acknowledged_at') }} as hours_sent_to_acknowledged,
    {{ hours_between('referrals_landed.sent_at', 'referrals_landed.acted_at') }} as hours_sent_to_acted,
    partners.partner is not null as is_known_partner,
    partners.response_days as agreed_response_days
from referrals_landed
left join known_cases on referrals_landed.case_id = known_cases.case_id
left join case_actors on referrals_landed.case_id = case_actors.case_id
left join partners
    on referrals_landed.partner = partners.partner
    and cast(referrals_landed.sent_at as date) >= partners.valid_from
    and (partners.valid_to is null or cast(referrals_landed.sent_at as date) < partners.valid_to)
