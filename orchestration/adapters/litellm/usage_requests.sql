-- One row per request that a tenant sent to a model. The proxy's own probes, and calls that manage files, batches or threads, are
-- no such requests. A request that names no account is left out and counted.
with

requests as (
    select
        * exclude (api_key, organization_id, team_id),
        nullif(api_key, 'None') as key_hash,
        organization_id as named_organization_id,
        real_team(coalesce(team_id, metadata_team_id)) as named_team_id,
        coalesce("user", metadata_user_id) as named_user_id,
        coalesce(status, metadata_status, 'success') = 'failure' as is_failed,
        list_filter(json_extract_string(request_tags, '$[*]'), lambda tag: tag is not null) as tags
    from spend_logs
    where
        not regexp_matches(coalesce(call_type, ''), 'file|assistant|thread|vector_store|fine_tuning|container|skill|mcp_tool')
        and not regexp_matches(coalesce(call_type, ''), 'get_responses|delete_|cancel_|list_|create_batch|^a?search$')
        -- names under which LiteLLM speaks to itself; tags would say it too, but those any client may write
        and coalesce(api_key, '') not in ('litellm-internal-health-check', 'litellm_internal_jobs')
        and coalesce(team_id, '') not in ('litellm-internal-health-check', 'litellm_internal_jobs')
),

-- a client that names no session gets a random one for each request, and retries of a failed one share it: a session that is no
-- UUID, or that several requests of a key bear on a day, is real
shared_sessions as (
    select
        key_hash,
        session_id,
        cast(startTime as date) as started_on
    from requests
    where session_id is not null and not is_failed
    group by key_hash, session_id, started_on
    having count(*) > 1
),

owned as (
    select
        requests.*,
        coalesce(requests.named_organization_id, litellm_keys.organization_id, litellm_teams.organization_id) as organization_id,
        coalesce(requests.named_team_id, litellm_keys.team_id) as team_id,
        coalesce(requests.named_user_id, litellm_keys.user_id) as user_id,
        -- the hash of a key that was refused and that nobody made stands for no account
        case when litellm_keys.token is not null or not requests.is_failed then requests.key_hash end as known_key_hash,
        litellm_keys.surface as key_surface,
        list_filter(requests.tags, lambda tag: starts_with(tag, 'surface:'))[1] as surface_tag,
        -- the whole of it comes after its first part
        list_filter(requests.tags, lambda tag: starts_with(tag, 'User-Agent: '))[-1] as user_agent_tag,
        shared_sessions.session_id is not null as has_shared_session
    from requests
    left join litellm_keys on requests.key_hash = litellm_keys.token
    left join litellm_teams on requests.named_team_id = litellm_teams.team_id
    left join shared_sessions
        on requests.key_hash is not distinct from shared_sessions.key_hash
        and requests.session_id = shared_sessions.session_id
        and cast(requests.startTime as date) = shared_sessions.started_on
),

shaped as (
    select
        request_id,
        startTime as requested_at,
        first_named(organization_id, team_id, user_id, known_key_hash) as account_id,
        key_hash as api_key_id,
        end_user as end_user_id,
        case
            when has_shared_session then session_id
            when not regexp_full_match(lower(session_id), '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}') then session_id
        end as conversation_id,
        -- whoever made the key says it before the client, who may write tags
        coalesce(key_surface, substr(surface_tag, 9)) as said_surface,
        case
            when regexp_full_match(call_type, '_?a?(completion|responses|anthropic_messages|realtime|retrieve_batch)') then 'chat'
            when regexp_full_match(call_type, 'a?text_completion') then 'text_completion'
            when regexp_full_match(call_type, 'a?embedding') then 'embeddings'
            when regexp_full_match(call_type, 'a?generate_content(_stream)?') then 'generate_content'
            when regexp_full_match(call_type, 'a?send_message(_streaming)?') then 'invoke_agent'
            else coalesce(
                regexp_replace(call_type, '^a(image_|moderation|transcription|speech|rerank|ocr|create_|llm_)', '\1'),
                'unknown'
            )
        end as operation_name,
        -- the client asked by the group's name; which deployment of it answered is the proxy's choice
        coalesce(model_group, model, 'unknown') as request_model,
        -- prompts are counted with what came from the cache; a count below it was made by a version that left it out
        case
            when is_failed then 0
            when cached_tokens > coalesce(prompt_tokens, 0) then coalesce(prompt_tokens, 0) + cached_tokens
            else coalesce(prompt_tokens, 0)
        end as input_tokens,
        case when is_failed then 0 else coalesce(completion_tokens, 0) end as output_tokens,
        case when is_failed then 0 else cached_tokens end as cache_read_input_tokens,
        case
            when is_failed then 0
            when reasoning_tokens > completion_tokens then completion_tokens
            else reasoning_tokens
        end as reasoning_output_tokens,
        temperature as request_temperature,
        top_p as request_top_p,
        max_tokens as request_max_tokens,
        choice_count as request_choice_count,
        coalesce(try_cast(logprobs as boolean), try_cast(logprobs as integer) > 0) as request_logprobs,
        stream as request_stream,
        coalesce(regexp_full_match(call_type, 'a?retrieve_batch'), false) as is_batch,
        case
            when thinking in ('enabled', 'adaptive') then true
            when thinking = 'disabled' or reasoning_effort = 'none' then false
            when reasoning_effort is not null then true
        end as thinking_enabled,
        tool_count,
        message_count as input_message_count,
        case
            when not is_failed then 200
            when try_cast(error_code as integer) between 300 and 599 then try_cast(error_code as integer)
            else 500
        end as http_status,
        case
            when request_duration_ms >= 0 then request_duration_ms
            when endTime >= startTime then date_diff('millisecond', startTime, endTime)
        end as latency_ms,
        coalesce(requester_ip_address, metadata_ip) as ip_hash,
        substr(user_agent_tag, 13) as user_agent_hash
    from owned
)

select
    request_id,
    requested_at,
    account_id,
    api_key_id,
    end_user_id,
    conversation_id,
    case when said_surface in ('api', 'chat', 'coding_agent', 'partner_cloud') then said_surface else 'api' end as surface,
    operation_name,
    request_model,
    input_tokens,
    output_tokens,
    cache_read_input_tokens,
    reasoning_output_tokens,
    request_temperature,
    request_top_p,
    request_max_tokens,
    request_choice_count,
    request_logprobs,
    request_stream,
    is_batch,
    thinking_enabled,
    tool_count,
    input_message_count,
    http_status,
    latency_ms,
    ip_hash,
    user_agent_hash,
    case when account_id is null then 'requests that name no account' end as left_out
from shaped
