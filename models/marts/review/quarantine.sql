{{ config(meta={'published': {'as_of_column': none, 'order_by': ['table_name', 'source_file', 'source_row', 'reason']}}) }}

with

quarantined as (

    select * from {{ ref('int_quarantine__rows') }}

),

releases as (

    select
        table_name,
        row_key,
        min(released_on) as released_on
    from {{ ref('int_quarantine__releases') }}
    group by table_name, row_key

)

select
    quarantined.table_name,
    quarantined.reason,
    quarantined.source_file,
    quarantined.source_row,
    quarantined.row_key,
    quarantined.arrived_on as first_seen_on,
    releases.released_on as released_at
from quarantined
left join releases
    on quarantined.table_name = releases.table_name
    and quarantined.row_key = releases.row_key
    and releases.released_on >= quarantined.arrived_on
    and quarantined.reason not like 'conflict:%'
