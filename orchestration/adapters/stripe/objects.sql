-- Stripe's objects of the wanted kinds, one a line: pages of lists and envelopes of events are opened. An event tells the moment
-- at which its object was so; of others only the place in the files is known, and a later one is taken to be newer. A page lists
-- the newest first.
with

lines as (

    select
        given.kinds,
        unnest(
            case
                when json_extract_string(given.json, '$.object') = 'list' then list_reverse(json_extract(given.json, '$.data[*]'))
                else [given.json]
            end
        ) as json
    from given
    -- most texts can be passed over unread
    where len(list_filter(given.kinds, lambda kind: kind = '' or contains(given.json, '"' || kind || '"'))) > 0

),

opened as (

    select
        lines.kinds,
        lines.json as enclosed,
        coalesce(json_extract_string(lines.json, '$.object') = 'event', false) as is_event,
        row_number() over () as place
    from lines

),

objects as (

    select
        opened.kinds,
        opened.place,
        case when opened.is_event then json_extract(opened.enclosed, '$.data.object') else opened.enclosed end as json,
        case when opened.is_event then to_timestamp(try_cast(json_extract_string(opened.enclosed, '$.created') as double)) end
            as state_at,
        opened.is_event and json_extract_string(opened.enclosed, '$.type') like '%.deleted' as is_row_deleted
    from opened

)

select
    objects.json,
    objects.state_at,
    objects.place,
    objects.is_row_deleted
from objects
where list_contains(objects.kinds, coalesce(json_extract_string(objects.json, '$.object'), ''))
