with

leads as (

    select * from {{ ref('int_review__leads') }}

),

verdicts as (

    select * from {{ ref('int_review__verdicts') }}

),

labels as (

    select lead_id, label from {{ ref('int_review__labels') }}

),

lead_accounts as (

    select * from {{ ref('int_measurement__lead_accounts') }}

),

volumes as (

    select
        lead_id,
        count(*) as account_count,
        cast(sum(request_count_28d) as bigint) as request_count_28d,
        cast(sum(output_tokens_28d) as bigint) as output_tokens_28d
    from lead_accounts
    group by lead_id

),

{%- for attribute in ['country', 'language', 'tier', 'account_type', 'surface'] %}

-- what most of the subject's accounts have
main_{{ attribute }} as (

    select lead_id, {{ attribute }}
    from (
        select
            lead_id,
            {{ attribute }},
            row_number() over (partition by lead_id order by count(*) desc, {{ attribute }}) as share_rank
        from lead_accounts
        where {{ attribute }} is not null
        group by lead_id, {{ attribute }}
    ) as ranked
    where share_rank = 1

){{ ',' if not loop.last }}
{%- endfor %}

select
    leads.lead_id,
    leads.subject_type,
    leads.subject_id,
    leads.selection,
    leads.stratum,
    leads.selection_probability,
    leads.first_queued_on,
    leads.drawn_on,
    leads.last_queued_on,
    leads.due_at,
    verdicts.opened_at,
    verdicts.decided_at,
    labels.label as verdict,
    verdicts.policy_clause_id,
    verdicts.tactic_id,
    coalesce(main_country.country, 'unknown') as country,
    coalesce(main_language.language, 'unknown') as language,
    coalesce(main_tier.tier, 'unknown') as tier,
    coalesce(main_account_type.account_type, 'unknown') as account_type,
    coalesce(main_surface.surface, 'unknown') as surface,
    coalesce(volumes.account_count, 0) as account_count,
    coalesce(volumes.request_count_28d, 0) as request_count_28d,
    coalesce(volumes.output_tokens_28d, 0) as output_tokens_28d
from leads
left join verdicts on leads.lead_id = verdicts.lead_id
left join labels on leads.lead_id = labels.lead_id
left join volumes on leads.lead_id = volumes.lead_id
{%- for attribute in ['country', 'language', 'tier', 'account_type', 'surface'] %}
left join main_{{ attribute }} on leads.lead_id = main_{{ attribute }}.lead_id
{%- endfor %}
