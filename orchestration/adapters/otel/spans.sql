-- Spans from OTLP JSON: a batch of them a text or a list of batches, keys as in the protocol or in snake case. Of attributes those
-- that are taken are kept, the first of a name, as text: a list as JSON, a nested map as nothing. Spans that say nothing of a
-- model are passed over.
with

texts as (
    select
        json,
        json[1] = '[' as is_list,
    from texts_spans
),

listed as (
    select json as batch from texts where not is_list
    union all
    select unnest(json_extract(json, '$[*]')) as batch from texts where is_list
),

-- only what stands here is made of a text
batches as (
    select
        json_transform(
            batch,
            replace(
                replace(
                    '{
                        "resourceSpans": [{
                            "resource": {"attributes": ATTRIBUTES},
                            "scopeSpans": [{"spans": SPANS}],
                            "scope_spans": [{"spans": SPANS}]
                        }],
                        "resource_spans": [{
                            "resource": {"attributes": ATTRIBUTES},
                            "scopeSpans": [{"spans": SPANS}],
                            "scope_spans": [{"spans": SPANS}]
                        }]
                    }',
                    'SPANS',
                    '[{
                        "traceId": "VARCHAR", "trace_id": "VARCHAR",
                        "spanId": "VARCHAR", "span_id": "VARCHAR",
                        "kind": "VARCHAR",
                        "startTimeUnixNano": "VARCHAR", "start_time_unix_nano": "VARCHAR",
                        "endTimeUnixNano": "VARCHAR", "end_time_unix_nano": "VARCHAR",
                        "status": {"code": "VARCHAR"},
                        "attributes": ATTRIBUTES
                    }]'
                ),
                'ATTRIBUTES',
                '[{
                    "key": "VARCHAR",
                    "value": {
                        "stringValue": "VARCHAR", "string_value": "VARCHAR",
                        "intValue": "VARCHAR", "int_value": "VARCHAR",
                        "doubleValue": "VARCHAR", "double_value": "VARCHAR",
                        "boolValue": "VARCHAR", "bool_value": "VARCHAR",
                        "arrayValue": {"values": [{"stringValue": "VARCHAR", "string_value": "VARCHAR"}]},
                        "array_value": {"values": [{"stringValue": "VARCHAR", "string_value": "VARCHAR"}]}
                    }
                }]'
            )
        ) as batch
    from listed
),

resources as (
    select unnest(coalesce(batch."resourceSpans", batch.resource_spans)) as told
    from batches
),

scopes as (
    select
        told.resource.attributes as resource_attributes,
        unnest(coalesce(told."scopeSpans", told.scope_spans)) as scope,
    from resources
),

spans as (
    select
        resource_attributes,
        unnest(scope.spans) as span,
    from scopes
),

named as (
    select
        span,
        list_transform(span.attributes, lambda attribute: attribute.key) as names,
        list_transform(resource_attributes, lambda attribute: attribute.key) as resource_names,
        resource_attributes,
    from spans
),

-- each name once
taken as (
    select
        *,
        list_intersect(names, getvariable('taken')) as taken_names,
        coalesce(list_intersect(resource_names, getvariable('taken')), []) as taken_resource_names,
    from named
),

of_models as (
    select *
    from taken
    where len(list_filter(taken_names, lambda name: starts_with(name, 'gen_ai.') or starts_with(name, 'llm.'))) > 0
),

-- of those that share a name the first
valued as (
    select
        span,
        taken_names,
        taken_resource_names,
        list_transform(taken_names, lambda name: span.attributes[list_position(names, name)].value) as given,
        list_transform(
            taken_resource_names, lambda name: resource_attributes[list_position(resource_names, name)].value
        ) as resource_given,
    from of_models
),

final as (
    select
        coalesce(span."traceId", span.trace_id) as trace_id,
        coalesce(span."spanId", span.span_id) as span_id,
        span.kind as kind,
        coalesce(span."startTimeUnixNano", span.start_time_unix_nano) as start_time,
        coalesce(span."endTimeUnixNano", span.end_time_unix_nano) as end_time,
        span.status.code as status_code,
        map(taken_names, list_transform(given, lambda value: coalesce(
            value."stringValue", value.string_value,
            value."intValue", value.int_value,
            value."doubleValue", value.double_value,
            value."boolValue", value.bool_value,
            cast(
                to_json(
                    list_transform(
                        coalesce(value."arrayValue", value.array_value)."values",
                        lambda each: coalesce(each."stringValue", each.string_value)
                    )
                ) as varchar
            )
        ))) as attributes,
        map(taken_resource_names, list_transform(resource_given, lambda value: coalesce(
            value."stringValue", value.string_value,
            value."intValue", value.int_value,
            value."doubleValue", value.double_value,
            value."boolValue", value.bool_value,
            cast(
                to_json(
                    list_transform(
                        coalesce(value."arrayValue", value.array_value)."values",
                        lambda each: coalesce(each."stringValue", each.string_value)
                    )
                ) as varchar
            )
        ))) as resource_attributes,
    from valued
)

select * from final
