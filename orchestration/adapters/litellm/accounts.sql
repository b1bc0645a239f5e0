-- One row per account: whatever is the first of the setting's kinds for an organization, a team, a user on their own, or a key.
with

-- a user of a team or organization acts for it, and is an account only where a key says so
candidates as (
    select organization_id, cast(null as varchar) as team_id, cast(null as varchar) as user_id, cast(null as varchar) as token
    from organizations

    union all by name

    select organization_id, team_id
    from litellm_teams

    union all by name

    select organization_id, user_id
    from users
    where real_team(team_id) is null and coalesce(teams, '[]') in ('[]', '{}', '[litellm-dashboard]', '{litellm-dashboard}')

    union all by name

    select organization_id, team_id, user_id, token
    from litellm_keys
),

named as (
    select
        first_named(organization_id, team_id, user_id, token) as account_id,
        kind_named(organization_id, team_id, user_id, token) as kind,
        organization_id
    from candidates
),

-- ids of all kinds are minted apart; where two are one text, the kind that the setting names first counts
listed as (
    select
        account_id,
        kind,
        min(organization_id) as organization_id
    from named
    where account_id is not null
    group by account_id, kind
    qualify row_number() over (partition by account_id order by list_position(getvariable('account_is'), kind)) = 1
),

facts as (
    select 'organization' as kind, organization_id as account_id, organizations.created_at, tier, budgets.rpm_limit
    from organizations
    left join budgets using (budget_id)

    union all by name

    select 'team' as kind, team_id as account_id, created_at, tier, rpm_limit, blocked as is_blocked, is_gone
    from litellm_teams

    union all by name

    select 'user' as kind, user_id as account_id, created_at, tier, rpm_limit, user_email
    from users

    union all by name

    select
        'key' as kind,
        litellm_keys.token as account_id,
        litellm_keys.created_at,
        litellm_keys.tier,
        litellm_keys.rpm_limit,
        litellm_keys.is_blocked,
        litellm_keys.is_gone,
        users.user_email
    from litellm_keys
    left join users using (user_id)
),

-- what was there before its creation was kept counts as opened with its first key
first_keys as (
    select
        first_named(organization_id, team_id, user_id, token) as account_id,
        min(created_at) as created_at
    from litellm_keys
    group by account_id
),

described as (
    select
        listed.account_id,
        coalesce(facts.created_at, first_keys.created_at, timestamp '2000-01-01') as created_at,
        case when listed.kind in ('organization', 'team') then 'organization' else 'individual' end as account_type,
        facts.tier,
        case when facts.is_gone then 'closed' when facts.is_blocked then 'suspended' else 'active' end as status,
        case when facts.user_email like '%_@_%' then lower(trim(facts.user_email)) end as email,
        regexp_replace(email, '@[^@]+$', '') as email_name,
        facts.rpm_limit as rate_limit_rpm,
        listed.organization_id
    from listed
    left join facts using (kind, account_id)
    left join first_keys using (account_id)
)

select
    account_id,
    created_at,
    account_type,
    tier,
    status,
    regexp_extract(email, '@([^@]+)$', 1) as email_domain,
    email as email_hash,
    regexp_replace(regexp_replace(email_name, '\p{L}', 'a', 'g'), '\p{N}', '0', 'g') as email_pattern_hash,
    rate_limit_rpm,
    organization_id as organization_hash
from described
