with

actions as (

    select * from {{ ref('actions') }}
    where action_type in ('suspension', 'termination', 'key_revocation')
        and effective_at < {{ as_of_to() }} + 1

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

scopes as (

    select
        actions.action_id,
        actions.action_type,
        actions.account_id,
        account_keys.account_key,
        actions.surface,
        actions.partner,
        actions.effective_at,
        coalesce(least(actions.reversed_at, actions.expires_at), cast({{ as_of_to() }} + 1 as timestamp)) as ended_at
    from actions
    inner join account_keys on actions.account_id = account_keys.account_id

),

-- a revocation covers the keys that had been made by then, or the one that its scope names
revoked_keys as (

    select
        actions.action_id,
        api_keys.api_key_id
    from actions
    inner join {{ latest_state(ref('int_api_keys__keep_states'), 'api_key_id') }} as api_keys
        on actions.account_id = api_keys.account_id
        and api_keys.created_at <= actions.effective_at
    where actions.action_type = 'key_revocation'
        and (
            actions.scope = api_keys.api_key_id
            or actions.scope is null
            or actions.scope not in (select api_key_id from {{ ref('int_api_keys__keep_states') }})
        )

),

requests as (

    select
        account_key,
        api_key_id,
        activity_date,
        requested_at,
        surface,
        partner,
        output_tokens
    from {{ ref('int_usage__kept_requests') }}
    where http_status < 400
        and activity_date >= (select min(cast(effective_at as date)) from scopes)
        and account_key in (select account_key from scopes)
        and arrived_on <= {{ as_of_to() }}

)

select
    scopes.action_id,
    scopes.action_type,
    scopes.account_id,
    requests.surface,
    coalesce(requests.partner, '') as partner,
    requests.activity_date,
    count(*) as request_count,
    cast(sum(requests.output_tokens) as bigint) as output_tokens
from scopes
inner join requests
    on scopes.account_key = requests.account_key
    and requests.requested_at >= scopes.effective_at
    and requests.requested_at < scopes.ended_at
    and (scopes.surface = 'all' or scopes.surface = requests.surface)
    and (scopes.partner is null or scopes.partner = requests.partner)
left join revoked_keys
    on scopes.action_id = revoked_keys.action_id
    and requests.api_key_id = revoked_keys.api_key_id
where scopes.action_type <> 'key_revocation' or revoked_keys.api_key_id is not null
group by
    scopes.action_id, scopes.action_type, scopes.account_id, requests.surface, coalesce(requests.partner, ''),
    requests.activity_date
