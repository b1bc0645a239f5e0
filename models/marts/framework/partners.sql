{{ config(meta={'published': {'as_of_column': none, 'order_by': ['partner', 'partner_version']}}) }}

select
    partner,
    partner_version,
    surface,
    action_types,
    accepted_identifiers,
    response_days,
    valid_from,
    valid_to,
    source
from {{ ref('partner_versions') }}
