with

leads as (

    select * from {{ ref('int_review__leads') }}

),

named as (

    select lead_id, drawn_on, subject_id as account_id
    from leads
    where subject_type = 'account'
    union all
    select leads.lead_id, leads.drawn_on, members.account_id
    from leads
    inner join {{ ref('actor_members') }} as members
        on leads.subject_id = members.actor_id
        and leads.drawn_on = members.as_of_date
    where leads.subject_type = 'actor'

),

accounts as (

    select * from {{ ref('accounts') }}

)

-- volumes as they stood on the night the lead was drawn; an account without a request in the window has none
select
    named.lead_id,
    named.drawn_on,
    named.account_id,
    coalesce(account_features.declared_country, accounts.declared_country, 'unknown') as country,
    coalesce(accounts.main_language, 'unknown') as language,
    coalesce(account_features.tier, accounts.tier, 'unknown') as tier,
    coalesce(account_features.account_type, accounts.account_type, 'unknown') as account_type,
    account_features.main_surface as surface,
    coalesce(account_features.request_count_28d, 0) as request_count_28d,
    coalesce(account_features.output_tokens_28d, 0) as output_tokens_28d
from named
left join accounts on named.account_id = accounts.account_id
left join {{ ref('account_features') }} as account_features
    on named.drawn_on = account_features.as_of_date
    and named.account_id = account_features.account_id
