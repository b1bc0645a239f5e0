-- Model requests from spans, and why a span of a model is none.
with

exported as (
    select * from spans
),

-- names of before as those of today
named as (
    select
        *,
        coalesce(
            operation,
            case older_operation
                when 'completion' then 'text_completion'
                when 'embedding' then 'embeddings'
                else older_operation
            end
        ) as operation_told,
        case
            when regexp_full_match(lower(provider), 'aws|bedrock|aws_bedrock') then 'aws.bedrock'
            when regexp_full_match(lower(provider), 'az.ai.openai|azure|azure_openai') then 'azure.ai.openai'
            when regexp_full_match(lower(provider), 'az.ai.inference') then 'azure.ai.inference'
            when regexp_full_match(lower(provider), 'vertex_ai|vertexai') then 'gcp.vertex_ai'
            else provider
        end as provider_name,
        coalesce(request_model, response_model) as model_told,
        lower(trace_id) || ':' || lower(span_id) as span_key,
        coalesce(account, resource_account) as account_id,
        coalesce(api_key, resource_api_key) as api_key_id,
        lower(coalesce(told_surface, resource_surface)) as surface_told,
        coalesce(input_tokens, total_tokens - output_tokens) as input_told,
        coalesce(output_tokens, total_tokens - input_tokens) as output_told,
        regexp_replace(lower(error_type), '[^a-z]', '', 'g') as error_word,
        error_type is not null or coalesce(regexp_full_match(lower(status_code), '2|error|status_code_error'), false) as is_error,
        coalesce(regexp_full_match(lower(kind), '2|server|span_kind_server'), false) as is_of_server,
    from exported
),

-- a span around a request repeats what its model was asked, and would count it twice
standings as (
    select
        *,
        case
            when operation_told in ('chat', 'text_completion', 'generate_content', 'embeddings') then 'request'
            when role is not null then 'around'
            when operation_told is null then
                case when coalesce(model_told, provider) is not null then 'request' else 'around' end
            when regexp_matches(operation_told, 'agent|workflow|tool|retrieval|memory|task|plan') then 'around'
            when coalesce(input_told, output_told) is not null then 'request'
            else 'unknown'
        end as standing,
        coalesce(response_id, span_key) as request_id,
    from named
),

-- of a request that several spans tell the one with an account counts, then the earliest
numbered as (
    select
        *,
        row_number() over (
            partition by span_key order by standing, account_id is null, start_time, end_time, request_id
        ) as copy_number,
        row_number() over (
            partition by request_id order by standing, account_id is null, start_time, span_key, end_time
        ) as telling_number,
    from standings
    where standing <> 'around'
),

-- what a status says, else what the words of the error say; an answer that had begun was sent with 200
statuses as (
    select
        *,
        case
            when http_status between 100 and 599 then http_status
            when try_cast(error_type as integer) between 100 and 599 then try_cast(error_type as integer)
            when not is_error or output_told > 0 then 200
            when regexp_matches(error_word, 'ratelimit|resourceexhausted|toomanyrequests|throttl|insufficientquota') then 429
            when regexp_matches(error_word, 'overloaded') then 529
            when regexp_matches(error_word, 'authentication|unauthorized|unauthenticated') then 401
            when regexp_matches(error_word, 'permission|forbidden|accessdenied') then 403
            when regexp_matches(error_word, 'notfound') then 404
            when regexp_matches(error_word, 'badrequest|invalidrequest|invalidargument|validation|unprocessable') then 400
            when regexp_matches(error_word, 'timeout|deadline') then 504
            when regexp_matches(error_word, 'unavailable') then 503
        end as status_told,
        -- the words of many exporters as those of the contract
        regexp_extract(lower(finish_reasons), '(finish_?reason[._])?([a-z][a-z_]*)', 2) as finish_word,
    from numbered
),

outcomes as (
    select
        *,
        coalesce(status_told, 500) as status_landed,
        coalesce(status_told, 500) >= 400 as has_failed,
        case
            when surface_told in ('api', 'chat', 'coding_agent', 'partner_cloud') then surface_told
            when list_contains(getvariable('partner_providers'), provider_name) then 'partner_cloud'
            else getvariable('surface')
        end as surface_landed,
        -- some exporters count what comes from a cache beside the input; where that shows the input is made whole
        case
            when cache_read_input_tokens > input_told
                then input_told + cache_read_input_tokens + coalesce(cache_creation_input_tokens, 0)
            else input_told
        end as input_whole,
        input_told is null or (output_told is null and coalesce(operation_told, 'chat') <> 'embeddings') as is_without_tokens,
    from statuses
),

-- NULL for what is landed
exclusions as (
    select
        *,
        case
            when standing = 'unknown' then 'spans of an operation that is not known to be a request to a model'
            when request_id is null then 'spans without an id'
            when span_key is not null and copy_number > 1 then 'spans exported again'
            when telling_number > 1 then 'spans of a request that another span tells of'
            when account_id is null then 'spans without an account'
            when start_time is null then 'spans without a start'
        end as left_out,
    from outcomes
),

final as (
    select
        request_id,
        start_time as requested_at,
        account_id,
        api_key_id,
        end_user as end_user_id,
        conversation as conversation_id,
        surface_landed as surface,
        case when surface_landed = 'partner_cloud' then provider_name end as partner,
        coalesce(operation_told, 'chat') as operation_name,
        coalesce(model_told, 'unknown') as request_model,
        case when has_failed then 0 else coalesce(input_whole, 0) end as input_tokens,
        case when has_failed then 0 else coalesce(output_told, 0) end as output_tokens,
        case
            when has_failed and cache_read_input_tokens is not null then 0
            else cache_read_input_tokens
        end as cache_read_input_tokens,
        case
            when has_failed and reasoning_output_tokens is not null then 0
            else reasoning_output_tokens
        end as reasoning_output_tokens,
        temperature as request_temperature,
        top_p as request_top_p,
        max_tokens as request_max_tokens,
        choice_count as request_choice_count,
        stream as request_stream,
        case
            when reasoning_output_tokens > 0 then true
            when lower(reasoning_effort) in ('none', 'off', 'disabled', 'false') then false
            when reasoning_effort is not null then true
        end as thinking_enabled,
        case
            when finish_word in ('end_turn', 'stop_sequence', 'stop') then 'stop'
            when finish_word in ('max_tokens', 'max_output_tokens', 'length') then 'length'
            when finish_word in ('tool_use', 'tool_call', 'tool_calls', 'function_call') then 'tool_calls'
            when finish_word in ('safety', 'content_filtered', 'content_filter', 'guardrail_intervened') then 'content_filter'
            when finish_word <> '' then finish_word
            when is_error then 'error'
        end as finish_reason,
        status_landed as http_status,
        case
            when end_time >= start_time then date_diff('microsecond', start_time, end_time) // 1000
            when end_time is null then duration // 1000000
        end as latency_ms,
        coalesce(client_address, case when is_of_server then peer_address end) as ip_hash,
        user_agent as user_agent_hash,
        left_out,
        list_filter(
            [
                case when operation_told is null then 'spans without an operation, as chat' end,
                case when model_told is null then 'spans without a model, as unknown' end,
                case when status_told is null then 'errors without a status, as 500' end,
                case when is_without_tokens and not has_failed then 'answers without token counts, as 0' end,
                case when cache_read_input_tokens > input_told then 'inputs smaller than their cached part, as both together' end,
            ],
            lambda words: words is not null
        ) as assumed,
    from exclusions
)

select * from final
