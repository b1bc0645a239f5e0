-- One row per key that is or was, with its owner.
with recursive

-- a rotated key's place was taken by a key that may have been rotated in turn
heirs as (
    select token, active_token_id as heir, 1 as step
    from deprecated_keys

    union all

    select heirs.token, deprecated_keys.active_token_id as heir, heirs.step + 1 as step
    from heirs
    inner join deprecated_keys on heirs.heir = deprecated_keys.token
    where heirs.step < 1000
),

last_heirs as (
    select token, arg_max(heir, step) as heir
    from heirs
    group by token
),

rotations as (
    select heir as token, max(deprecated_keys.created_at) as rotated_at
    from last_heirs
    inner join deprecated_keys using (token)
    group by heir
),

audited as (
    select
        object_id as token,
        max(updated_at) filter (where action = 'blocked') as blocked_at,
        max(updated_at) filter (where action = 'rotated') as rotated_at
    from audits
    where table_name = 'LiteLLM_VerificationToken'
    group by object_id
),

active as (
    select
        keys.token,
        keys.organization_id,
        keys.team_id,
        keys.user_id,
        keys.created_at,
        case when keys.blocked then coalesce(audited.blocked_at, keys.settings_updated_at, keys.updated_at) end as revoked_at,
        greatest(keys.last_rotation_at, rotations.rotated_at, audited.rotated_at) as last_rotated_at,
        keys.blocked,
        coalesce(keys.rpm_limit, budgets.rpm_limit) as rpm_limit,
        keys.tier,
        keys.surface,
        1 as word
    from keys
    left join rotations using (token)
    left join audited using (token)
    left join budgets using (budget_id)
),

deleted as (
    select
        token,
        organization_id,
        team_id,
        user_id,
        created_at,
        deleted_at as revoked_at,
        last_rotation_at as last_rotated_at,
        rpm_limit,
        2 as word
    from deleted_keys
),

-- of a rotated key no more is left than its hash and its heir, which keeps the day on which the first of them was made
rotated as (
    select
        last_heirs.token,
        coalesce(keys.organization_id, deleted_keys.organization_id) as organization_id,
        coalesce(keys.team_id, deleted_keys.team_id) as team_id,
        coalesce(keys.user_id, deleted_keys.user_id) as user_id,
        coalesce(keys.created_at, deleted_keys.created_at) as created_at,
        deprecated_keys.revoke_at as revoked_at,
        deprecated_keys.created_at as last_rotated_at,
        3 as word
    from last_heirs
    inner join deprecated_keys on last_heirs.token = deprecated_keys.token
    left join keys on last_heirs.heir = keys.token
    left join deleted_keys on last_heirs.heir = deleted_keys.token
),

-- versions without a table of deleted keys have them in the audit log alone
audited_away as (
    select
        object_id as token,
        organization_id,
        team_id,
        user_id,
        created_at,
        updated_at as revoked_at,
        4 as word
    from audits
    where action = 'deleted' and table_name = 'LiteLLM_VerificationToken'
),

listed as (
    from active union all by name from deleted union all by name from rotated union all by name from audited_away
)

select
    listed.token,
    coalesce(listed.organization_id, litellm_teams.organization_id) as organization_id,
    real_team(listed.team_id) as team_id,
    listed.user_id,
    -- a key of before creation was kept has been there all along
    coalesce(listed.created_at, timestamp '2000-01-01') as created_at,
    listed.revoked_at,
    listed.last_rotated_at,
    coalesce(listed.blocked, false) as is_blocked,
    listed.word > 1 as is_gone,
    listed.rpm_limit,
    listed.tier,
    listed.surface
from listed
left join litellm_teams on listed.team_id = litellm_teams.team_id
where listed.token is not null
qualify row_number() over (partition by listed.token order by listed.word, listed.revoked_at desc nulls last) = 1
