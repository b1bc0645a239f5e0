-- Generated from orchestration/contract/landing.yml by `make docs`; edit that file.
with

landed as (

    select * from {{ source('provider', 'usage_requests') }}

),

cast_to_contract as (

    select
        cast(landed.request_id as {{ dbt.type_string() }}) as request_id,
        try_cast(landed.requested_at as timestamp) as requested_at,
        cast(landed.account_id as {{ dbt.type_string() }}) as account_id,
        cast(landed.api_key_id as {{ dbt.type_string() }}) as api_key_id,
        cast(landed.end_user_id as {{ dbt.type_string() }}) as end_user_id,
        cast(landed.conversation_id as {{ dbt.type_string() }}) as conversation_id,
        cast(landed.surface as {{ dbt.type_string() }}) as surface,
        cast(landed.partner as {{ dbt.type_string() }}) as partner,
        cast(landed.operation_name as {{ dbt.type_string() }}) as operation_name,
        cast(landed.request_model as {{ dbt.type_string() }}) as request_model,
        try_cast(landed.input_tokens as bigint) as input_tokens,
        try_cast(landed.output_tokens as bigint) as output_tokens,
        try_cast(landed.cache_read_input_tokens as bigint) as cache_read_input_tokens,
        try_cast(landed.reasoning_output_tokens as bigint) as reasoning_output_tokens,
        try_cast(landed.request_temperature as double) as request_temperature,
        try_cast(landed.request_top_p as double) as request_top_p,
        try_cast(landed.request_max_tokens as integer) as request_max_tokens,
        try_cast(landed.request_choice_count as integer) as request_choice_count,
        try_cast(landed.request_logprobs as boolean) as request_logprobs,
        try_cast(landed.request_stream as boolean) as request_stream,
        try_cast(landed.is_batch as boolean) as is_batch,
        try_cast(landed.thinking_enabled as boolean) as thinking_enabled,
        try_cast(landed.tool_count as integer) as tool_count,
        cast(landed.finish_reason as {{ dbt.type_string() }}) as finish_reason,
        try_cast(landed.http_status as smallint) as http_status,
        try_cast(landed.latency_ms as integer) as latency_ms,
        try_cast(landed.ip_hash as bigint) as ip_hash,
        try_cast(landed.ip_prefix_hash as bigint) as ip_prefix_hash,
        try_cast(landed.user_agent_hash as bigint) as user_agent_hash,
        cast(landed.location_cell as {{ dbt.type_string() }}) as location_cell,
        try_cast(landed.asn as bigint) as asn,
        cast(landed.country as {{ dbt.type_string() }}) as country,
        try_cast(landed.prompt_hash as bigint) as prompt_hash,
        try_cast(landed.input_content_hash as bigint) as input_content_hash,
        try_cast(landed.response_hash as bigint) as response_hash,
        try_cast(landed.graded_content_hash as bigint) as graded_content_hash,
        try_cast(landed.input_message_count as integer) as input_message_count,
        try_cast(landed.prompt_template_hash as bigint) as prompt_template_hash,
        try_cast(landed.system_prompt_hash as bigint) as system_prompt_hash,
        cast(landed.topic as {{ dbt.type_string() }}) as topic,
        try_cast(landed.elicits_reasoning as double) as elicits_reasoning,
        try_cast(landed.grades_output as double) as grades_output,
        try_cast(landed.rewrites_sensitive as double) as rewrites_sensitive,
        cast(landed.language as {{ dbt.type_string() }}) as language,
        case
            when landed.requested_at is not null and try_cast(landed.requested_at as timestamp) is null then 'type:requested_at'
            when landed.input_tokens is not null and try_cast(landed.input_tokens as bigint) is null then 'type:input_tokens'
            when landed.output_tokens is not null and try_cast(landed.output_tokens as bigint) is null then 'type:output_tokens'
            when landed.cache_read_input_tokens is not null and try_cast(landed.cache_read_input_tokens as bigint) is null then 'type:cache_read_input_tokens'
            when landed.reasoning_output_tokens is not null and try_cast(landed.reasoning_output_tokens as bigint) is null then 'type:reasoning_output_tokens'
            when landed.request_temperature is not null and try_cast(landed.request_temperature as double) is null then 'type:request_temperature'
            when landed.request_top_p is not null and try_cast(landed.request_top_p as double) is null then 'type:request_top_p'
            when landed.request_max_tokens is not null and try_cast(landed.request_max_tokens as integer) is null then 'type:request_max_tokens'
            when landed.request_choice_count is not null and try_cast(landed.request_choice_count as integer) is null then 'type:request_choice_count'
            when landed.request_logprobs is not null and try_cast(landed.request_logprobs as boolean) is null then 'type:request_logprobs'
            when landed.request_stream is not null and try_cast(landed.request_stream as boolean) is null then 'type:request_stream'
            when landed.is_batch is not null and try_cast(landed.is_batch as boolean) is null then 'type:is_batch'
            when landed.thinking_enabled is not null and try_cast(landed.thinking_enabled as boolean) is null then 'type:thinking_enabled'
            when landed.tool_count is not null and try_cast(landed.tool_count as integer) is null then 'type:tool_count'
            when landed.http_status is not null and try_cast(landed.http_status as smallint) is null then 'type:http_status'
            when landed.latency_ms is not null and try_cast(landed.latency_ms as integer) is null then 'type:latency_ms'
            when landed.ip_hash is not null and try_cast(landed.ip_hash as bigint) is null then 'type:ip_hash'
            when landed.ip_prefix_hash is not null and try_cast(landed.ip_prefix_hash as bigint) is null then 'type:ip_prefix_hash'
            when landed.user_agent_hash is not null and try_cast(landed.user_agent_hash as bigint) is null then 'type:user_agent_hash'
            when landed.asn is not null and try_cast(landed.asn as bigint) is null then 'type:asn'
            when landed.prompt_hash is not null and try_cast(landed.prompt_hash as bigint) is null then 'type:prompt_hash'
            when landed.input_content_hash is not null and try_cast(landed.input_content_hash as bigint) is null then 'type:input_content_hash'
            when landed.response_hash is not null and try_cast(landed.response_hash as bigint) is null then 'type:response_hash'
            when landed.graded_content_hash is not null and try_cast(landed.graded_content_hash as bigint) is null then 'type:graded_content_hash'
            when landed.input_message_count is not null and try_cast(landed.input_message_count as integer) is null then 'type:input_message_count'
            when landed.prompt_template_hash is not null and try_cast(landed.prompt_template_hash as bigint) is null then 'type:prompt_template_hash'
            when landed.system_prompt_hash is not null and try_cast(landed.system_prompt_hash as bigint) is null then 'type:system_prompt_hash'
            when landed.elicits_reasoning is not null and try_cast(landed.elicits_reasoning as double) is null then 'type:elicits_reasoning'
            when landed.grades_output is not null and try_cast(landed.grades_output as double) is null then 'type:grades_output'
            when landed.rewrites_sensitive is not null and try_cast(landed.rewrites_sensitive as double) is null then 'type:rewrites_sensitive'
        end as type_fault,
        cast(landed.arrived_on as date) as arrived_on,
        landed.source_file,
        landed.source_row
    from landed

),

-- the first breach of the contract names the row's fault; NULL is a sound row
screened as (

    select
        *,
        case
            when type_fault is not null then type_fault
            when request_id is null then 'missing:request_id'
            when length(request_id) > 512 then 'too_long:request_id'
            when requested_at is null then 'missing:requested_at'
            when requested_at < timestamp '2000-01-01' then 'range:requested_at'
            when requested_at > timestamp '9999-12-31' then 'range:requested_at'
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
            when {{ is_not_finite('request_temperature') }} then 'range:request_temperature'
            when request_temperature < 0 then 'range:request_temperature'
            when request_temperature > 100 then 'range:request_temperature'
            when {{ is_not_finite('request_top_p') }} then 'range:request_top_p'
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
            when {{ is_not_finite('elicits_reasoning') }} then 'range:elicits_reasoning'
            when elicits_reasoning < 0 then 'range:elicits_reasoning'
            when elicits_reasoning > 1 then 'range:elicits_reasoning'
            when {{ is_not_finite('grades_output') }} then 'range:grades_output'
            when grades_output < 0 then 'range:grades_output'
            when grades_output > 1 then 'range:grades_output'
            when {{ is_not_finite('rewrites_sensitive') }} then 'range:rewrites_sensitive'
            when rewrites_sensitive < 0 then 'range:rewrites_sensitive'
            when rewrites_sensitive > 1 then 'range:rewrites_sensitive'
            when length(language) > 512 then 'too_long:language'
            when cast(requested_at as date) > arrived_on then 'future:requested_at'
            when arrived_on > cast(requested_at as date) + 3 then 'too_late:requested_at'
            when {{ has_foreign_characters('id', ['request_id', 'account_id', 'api_key_id']) }} then
                case
                    when {{ has_foreign_characters('id', ['request_id']) }} then 'characters:request_id'
                    when {{ has_foreign_characters('id', ['account_id']) }} then 'characters:account_id'
                    when {{ has_foreign_characters('id', ['api_key_id']) }} then 'characters:api_key_id'
                end
            when {{ has_foreign_characters('text', ['partner', 'operation_name', 'request_model', 'finish_reason', 'location_cell', 'country', 'topic', 'language']) }} then
                case
                    when {{ has_foreign_characters('text', ['partner']) }} then 'characters:partner'
                    when {{ has_foreign_characters('text', ['operation_name']) }} then 'characters:operation_name'
                    when {{ has_foreign_characters('text', ['request_model']) }} then 'characters:request_model'
                    when {{ has_foreign_characters('text', ['finish_reason']) }} then 'characters:finish_reason'
                    when {{ has_foreign_characters('text', ['location_cell']) }} then 'characters:location_cell'
                    when {{ has_foreign_characters('text', ['country']) }} then 'characters:country'
                    when {{ has_foreign_characters('text', ['topic']) }} then 'characters:topic'
                    when {{ has_foreign_characters('text', ['language']) }} then 'characters:language'
                end
        end as fault
    from cast_to_contract

)

select
    {{ rekeyed_text('request_id', 'request') }} as request_id,
    requested_at,
    {{ rekeyed_text('account_id', 'account') }} as account_id,
    {{ rekeyed_text('api_key_id', 'api_key') }} as api_key_id,
    {{ rekeyed_text('end_user_id', 'end_user') }} as end_user_id,
    {{ rekeyed_text('conversation_id', 'conversation') }} as conversation_id,
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
    {{ rekeyed_number('ip_hash', 'ip') }} as ip_hash,
    {{ rekeyed_number('ip_prefix_hash', 'ip_prefix') }} as ip_prefix_hash,
    {{ rekeyed_number('user_agent_hash', 'user_agent') }} as user_agent_hash,
    location_cell,
    asn,
    country,
    {{ rekeyed_number('prompt_hash', 'content') }} as prompt_hash,
    {{ rekeyed_number('input_content_hash', 'content') }} as input_content_hash,
    {{ rekeyed_number('response_hash', 'content') }} as response_hash,
    {{ rekeyed_number('graded_content_hash', 'content') }} as graded_content_hash,
    input_message_count,
    {{ rekeyed_number('prompt_template_hash', 'template') }} as prompt_template_hash,
    {{ rekeyed_number('system_prompt_hash', 'system_prompt') }} as system_prompt_hash,
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
