-- No request is lost or made: every delivered row is faulty or sound, and every sound request id is accepted exactly once.
with

delivered as (

    select
        count(*) as delivered_count,
        count_if(fault is not null) as faulty_count
    from {{ ref('stg_provider__usage_requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

quarantined as (

    select
        count_if(reason not like 'conflict:%') as faulty_count,
        count_if(reason like 'conflict:%') as conflicting_count
    from {{ ref('int_quarantine__rows') }}
    where table_name = 'usage_requests'
        and arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

accepted as (

    select
        request_id,
        fingerprint,
        arrived_on
    from {{ ref('int_usage__requests') }}
    where arrived_on between {{ arrived_from() }} - {{ var('late_arrival_days') }} and {{ as_of_to() }}

),

sound as (

    select
        requests.request_id,
        {{ row_fingerprint(landed_columns('usage_requests')) }} as fingerprint
    from {{ ref('stg_provider__usage_requests') }} as requests
    where requests.fault is null
        and requests.arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

-- sound rows that are the accepted copy or an identical repeat of it
identical as (

    select count(*) as identical_count
    from sound
    inner join accepted on sound.request_id = accepted.request_id and sound.fingerprint = accepted.fingerprint

)

select
    delivered.delivered_count,
    delivered.faulty_count,
    quarantined.conflicting_count,
    identical.identical_count
from delivered
cross join quarantined
cross join identical
where delivered.faulty_count <> quarantined.faulty_count
    or delivered.delivered_count <> delivered.faulty_count + quarantined.conflicting_count + identical.identical_count
