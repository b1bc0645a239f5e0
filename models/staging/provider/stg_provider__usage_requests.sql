-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'usage_requests') }}

),

cast_to_contract as (

    select
        cast(request_id as varchar) as request_id,
        cast(requested_at as timestamp) as requested_at,
        cast(account_id as varchar) as account_id,
        cast(api_key_id as varchar) as api_key_id,
        cast(end_user_id as varchar) as end_user_id,
        cast(conversation_id as varchar) as conversation_id,
        cast(surface as varchar) as surface,
        cast(partner as varchar) as partner,
        cast(operation_name as varchar) as operation_name,
        cast(request_model as varchar) as request_model,
        cast(input_tokens as bigint) as input_tokens,
        cast(output_tokens as bigint) as output_tokens,
        cast(cache_read_input_tokens as bigint) as cache_read_input_tokens,
        cast(reasoning_output_tokens as bigint) as reasoning_output_tokens,
        cast(request_temperature as double) as request_temperature,
        cast(request_top_p as double) as request_top_p,
        cast(request_max_tokens as integer) as request_max_tokens,
        cast(request_choice_count as integer) as request_choice_count,
        cast(request_logprobs as boolean) as request_logprobs,
        cast(request_stream as boolean) as request_stream,
        cast(is_batch as boolean) as is_batch,
        cast(thinking_enabled as boolean) as thinking_enabled,
        cast(tool_count as integer) as tool_count,
        cast(finish_reason as varchar) as finish_reason,
        cast(http_status as smallint) as http_status,
        cast(latency_ms as integer) as latency_ms,
        cast(ip_hash as bigint) as ip_hash,
        cast(ip_prefix_hash as bigint) as ip_prefix_hash,
        cast(user_agent_hash as bigint) as user_agent_hash,
        cast(location_cell as varchar) as location_cell,
        cast(asn as bigint) as asn,
        cast(country as varchar) as country,
        cast(prompt_hash as bigint) as prompt_hash,
        cast(input_content_hash as bigint) as input_content_hash,
        cast(response_hash as bigint) as response_hash,
        cast(graded_content_hash as bigint) as graded_content_hash,
        cast(input_message_count as integer) as input_message_count,
        cast(prompt_template_hash as bigint) as prompt_template_hash,
        cast(system_prompt_hash as bigint) as system_prompt_hash,
        cast(topic as varchar) as topic,
        cast(elicits_reasoning as double) as elicits_reasoning,
        cast(grades_output as double) as grades_output,
        cast(rewrites_sensitive as double) as rewrites_sensitive,
        cast(language as varchar) as language,
        cast(arrived_on as date) as arrived_on,
        source_file,
        source_row
    from landed

),

-- the first breach of the contract names the row's fault; NULL is a sound row
screened as (

    select
        *,
        case
            when request_id is null then 'missing:request_id'
            when length(request_id) > 512 then 'too_long:request_id'
            when requested_at is null then 'missing:requested_at'
            when account_id is null then 'missing:account_id'
            when length(account_id) > 512 then 'too_long:account_id'
            when length(api_key_id) > 512 then 'too_long:api_key_id'
            when length(end_user_id) > 512 then 'too_long:end_user_id'
            when length(conversation_id) > 512 then 'too_long:conversation_id'
            when surface is null then 'missing:surface'
            when length(surface) > 512 then 'too_long:surface'
            when surface not in ('api', 'chat', 'coding_agent', 'partner_cloud') then 'vocabulary:surface'
            when length(partner) > 512 then 'too_long:partner'
            when operation_name is null then 'missing:operation_name'
            when length(operation_name) > 512 then 'too_long:operation_name'
            when request_model is null then 'missing:request_model'
            when length(request_model) > 512 then 'too_long:request_model'
            when input_tokens is null then 'missing:input_tokens'
            when input_tokens < 0 then 'range:input_tokens'
            when input_tokens > 100000000 then 'range:input_tokens'
            when output_tokens is null then 'missing:output_tokens'
            when output_tokens < 0 then 'range:output_tokens'
            when output_tokens > 100000000 then 'range:output_tokens'
            when cache_read_input_tokens < 0 then 'range:cache_read_input_tokens'
            when reasoning_output_tokens < 0 then 'range:reasoning_output_tokens'
            when request_temperature < 0 then 'range:request_temperature'
            when request_temperature > 100 then 'range:request_temperature'
            when request_top_p < 0 then 'range:request_top_p'
            when request_top_p > 1 then 'range:request_top_p'
            when request_max_tokens < 0 then 'range:request_max_tokens'
            when request_choice_count < 0 then 'range:request_choice_count'
            when tool_count < 0 then 'range:tool_count'
            when length(finish_reason) > 512 then 'too_long:finish_reason'
            when http_status is null then 'missing:http_status'
            when http_status < 100 then 'range:http_status'
            when http_status > 599 then 'range:http_status'
            when latency_ms < 0 then 'range:latency_ms'
            when length(location_cell) > 512 then 'too_long:location_cell'
            when asn < 0 then 'range:asn'
            when asn > 4294967295 then 'range:asn'
            when length(country) > 512 then 'too_long:country'
            when input_message_count < 0 then 'range:input_message_count'
            when length(topic) > 512 then 'too_long:topic'
            when elicits_reasoning < 0 then 'range:elicits_reasoning'
            when elicits_reasoning > 1 then 'range:elicits_reasoning'
            when grades_output < 0 then 'range:grades_output'
            when grades_output > 1 then 'range:grades_output'
            when rewrites_sensitive < 0 then 'range:rewrites_sensitive'
            when rewrites_sensitive > 1 then 'range:rewrites_sensitive'
            when length(language) > 512 then 'too_long:language'
            when cast(requested_at as date) > arrived_on then 'future:requested_at'
            when arrived_on > cast(requested_at as date) + 3 then 'too_late:requested_at'
        end as fault
    from cast_to_contract

)

select
    request_id,
    requested_at,
    account_id,
    api_key_id,
    end_user_id,
    conversation_id,
    surface,
    partner,
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
    finish_reason,
    http_status,
    latency_ms,
    ip_hash,
    ip_prefix_hash,
    user_agent_hash,
    location_cell,
    asn,
    country,
    prompt_hash,
    input_content_hash,
    response_hash,
    graded_content_hash,
    input_message_count,
    prompt_template_hash,
    system_prompt_hash,
    topic,
    elicits_reasoning,
    grades_output,
    rewrites_sensitive,
    language,
    arrived_on,
    source_file,
    source_row,
    fault
from screened
