-- :requests requests over :days days from :first on, evenly. One in 50 failed, one in 200 of those without a key; one in ten
-- has its settings kept.
insert into "LiteLLM_SpendLogs" (
    request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens, "startTime", "endTime",
    "completionStartTime", request_duration_ms, model, model_id, model_group, custom_llm_provider, api_base, "user", metadata,
    cache_hit, cache_key, request_tags, team_id, end_user, requester_ip_address, messages, response, proxy_server_request, session_id, status
)
select
    'chatcmpl-' || md5(:'first' || n), case when n % 20 = 0 then 'aembedding' else 'acompletion' end,
    token,
    0.001, 110 + n % 900, 100 + n % 800, 10 + n % 100, began, began + interval '1.5 seconds', began + interval '1 second',
    1500, 'gpt-4o-2024-11-20', 'CANARY-deployment', case when n % 3 = 0 then 'gpt-4o' else 'claude-sonnet' end, 'openai',
    'https://canary.example/v1', coalesce(user_id, ''),
    jsonb_build_object(
        'status', case when n % 50 = 0 then 'failure' end,
        'user_api_key_alias', 'CANARY-alias',
        'requester_ip_address', '203.0.113.' || n % 250,
        'spend_logs_metadata', jsonb_build_object('prompt', 'CANARY-content-in-metadata'),
        'error_information', case when n % 50 = 0 then
            jsonb_build_object(
                'error_code', case when n % 100 = 0 then '429' else '500' end,
                'error_message', 'CANARY-error',
                'traceback', 'CANARY-trace'
            )
        end,
        'usage_object', jsonb_build_object(
            'prompt_tokens', 100 + n % 800, 'completion_tokens', 10 + n % 100,
            'prompt_tokens_details', jsonb_build_object('cached_tokens', n % 100),
            'completion_tokens_details', jsonb_build_object('reasoning_tokens', n % 10)
        ),
        'model_map_information', jsonb_build_object('model_map_value', repeat(md5(n::text), :padding))
    ),
    'None', 'Cache OFF', '["prod", "User-Agent: OpenAI", "User-Agent: OpenAI/Python 1.99 CANARY"]',
    coalesce(team_id, ''), 'end-user-CANARY-' || n % 5000, '203.0.113.' || n % 250,
    '[{"role": "user", "content": "CANARY-message"}]', '{"choices": [{"message": {"content": "CANARY-answer"}}]}',
    case when n % 10 = 0 then
        '{
            "messages": [{"role": "system", "content": "CANARY-rule"}, {"role": "user", "content": "CANARY-body"}], "temperature": 0.7, "top_p": 0.9, "n": 2, "max_tokens": 256, "stream": true,
            "logprobs": true, "tools": [{"function": {"name": "CANARY-tool"}}, {}]
        }'::jsonb
    else '{}'::jsonb end,
    case when n % 4 = 0 then 'session-CANARY-' || n / 40 else gen_random_uuid()::text end,
    case when n % 50 = 0 then 'failure' else 'success' end
from (
    select
        n,
        timestamp :'first' + (n - 1) * (:days * interval '1 day' / :requests) as began,
        case when n % 10000 = 0 then '' else encode(sha256(('sk-' || n % 400 + 1)::bytea), 'hex') end as token
    from generate_series(1, :requests) as n
) as numbered
left join (select token, user_id, team_id from "LiteLLM_VerificationToken") as keys using (token);
