-- every landed id stands once in its mart: none is lost where a reference is unknown, none is doubled by a join
{%- set marts = [
    ('reviews', 'review_decisions', 'review_id'), ('actions', 'enforcement_actions', 'action_id'),
    ('appeals', 'enforcement_appeals', 'appeal_id'), ('referrals', 'partner_referrals', 'referral_id'),
    ('escalations', 'case_escalations', 'escalation_id'), ('assessments', 'case_assessments', 'assessment_id'),
    ('attributions', 'attributions', 'attribution_id'),
] %}
{%- for mart, landed, key in marts %}
select '{{ mart }}' as mart, landed.id_count, published.row_count
from (
    select count(distinct {{ key }}) as id_count from {{ ref('int_' ~ landed ~ '__keep_states') }}
    where arrived_on <= {{ as_of_to() }}
) as landed
cross join (select count(*) as row_count from {{ ref(mart) }}) as published
where landed.id_count <> published.row_count
{{ 'union all' if not loop.last }}
{%- endfor %}
