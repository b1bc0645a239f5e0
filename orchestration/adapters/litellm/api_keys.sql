-- One row per key that is or was, its last known state.
with

owned as (
    select
        token as api_key_id,
        first_named(organization_id, team_id, user_id, token) as account_id,
        created_at,
        revoked_at,
        last_rotated_at
    from litellm_keys
)

select
    api_key_id,
    account_id,
    created_at,
    revoked_at,
    last_rotated_at
from owned
where account_id is not null
