-- delivered requests that are not taken in, and why: unsound, or a copy of one that was
{%- set columns = landed_columns('usage_requests') %}
with

request_keys as (

    select {{ row_fingerprint(['request_id']) }} as request_key
    from {{ ref('stg_provider__usage_requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

-- an id stands for one request however long ago: one that is given out again is a conflict, in a night as in a backfill
known as (

    select request_key, fingerprint
    from ({{ requests_kept_before() }}) as kept
    where request_key in (select request_key from request_keys)

),

contested as (

    select request_key from request_keys group by request_key having count(*) > 1
    union
    select request_key from known

),

-- few rows are unsound or have a copy, so that one reading of them all finds those and keeps no other
suspects as (

    select
        requests.*,
        contested.request_key,
        {{ row_fingerprint(columns) }} as fingerprint
    from {{ ref('stg_provider__usage_requests') }} as requests
    left join contested on {{ row_fingerprint(['requests.request_id']) }} = contested.request_key
    where requests.arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
        and (requests.fault is not null or contested.request_key is not null)

),

-- the earliest arrival wins; within one arrival day the smallest content text does, so file order never matters
ranked as (

    select
        source_file,
        source_row,
        request_id,
        request_key,
        arrived_on,
        fingerprint,
        row_number() over copies_in_order as copy_rank,
        first_value(fingerprint) over copies_in_order as first_fingerprint
    from suspects
    where fault is null
    window copies_in_order as (partition by request_id order by arrived_on, {{ content_text(columns) }}, source_file, source_row)

),

copies as (

    select
        ranked.source_file,
        ranked.source_row,
        ranked.request_id,
        ranked.arrived_on,
        case when ranked.fingerprint = coalesce(known.fingerprint, ranked.first_fingerprint)
            then 'repeat' else 'conflict:request_id'
        end as reason
    from ranked
    left join known on ranked.request_key = known.request_key
    where ranked.copy_rank > 1 or known.request_key is not null

)

select source_file, source_row, request_id, arrived_on, fault as reason from suspects where fault is not null
union all
select source_file, source_row, request_id, arrived_on, reason from copies
